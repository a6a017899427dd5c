//! Many rows of one statement on PostgreSQL: `INSERT … VALUES (?1, ?2)` as `INSERT … SELECT * FROM unnest(?1::text[], ?2::int8[])`,
//! each value a column of all rows. What is written in `store/` is the one row that both databases understand.

use tokio_postgres::types::Type;

use super::value::Value;

/// Where the values of a row begin.
const VALUES: &str = "VALUES (";

/// The same statement for any number of rows, where its parameters are the values of one row and nothing else.
pub(super) fn all_at_once(sql: &str, types: &[Type]) -> Option<String> {
    let (head, rest) = sql.split_once(VALUES)?;
    let (values, tail) = rest.split_once(')')?;
    let numbered = (1..=types.len()).map(|number| format!("?{number}"));
    let plain = values.split(',').map(str::trim).eq(numbered);
    if !plain || head.contains('?') || tail.contains('?') {
        return None;
    }
    let columns: Vec<String> = (1..)
        .zip(types)
        .map(|(number, column)| format!("?{number}::{}[]", column.name()))
        .collect();
    Some(format!(
        "{head}SELECT * FROM unnest({}){tail}",
        columns.join(", ")
    ))
}

/// The values of rows by their columns.
pub(super) fn columns<'r>(rows: &'r [Vec<Value<'r>>], width: usize) -> Vec<Vec<&'r Value<'r>>> {
    let column = |place: usize| rows.iter().filter_map(move |row| row.get(place)).collect();
    (0..width).map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_given_values_becomes_many_and_anything_else_does_not() {
        let types = [Type::TEXT, Type::INT8];
        let many = |sql| all_at_once(sql, &types);
        assert_eq!(
            many("INSERT INTO a (b, c) VALUES (?1,\n ?2) ON CONFLICT (b) DO NOTHING").as_deref(),
            Some(
                "INSERT INTO a (b, c) SELECT * FROM unnest(?1::text[], ?2::int8[]) ON CONFLICT (b) DO NOTHING"
            )
        );
        for other in [
            "INSERT INTO a (b, c) VALUES (?1, 0)",
            "INSERT INTO a (b, c) VALUES (?2, ?1)",
            "INSERT INTO a (b) VALUES (?1) ON CONFLICT (b) DO UPDATE SET c = ?2",
            "INSERT INTO a (b, c) SELECT ?1, ?2",
            "DELETE FROM a WHERE b = ?1 AND c = ?2",
        ] {
            assert_eq!(many(other), None, "{other}");
        }
    }
}
