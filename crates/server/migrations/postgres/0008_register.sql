-- The public register of apologies goes by the day of issue.
CREATE INDEX letters_by_issue ON letters (issued);
