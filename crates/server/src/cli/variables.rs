//! Variables of the environment that look like settings and are none. One that was mistyped leaves a server at what it
//! does without it, on another database for one, and nobody would know.

use clap::CommandFactory as _;

/// What settings of this program begin with.
const OURS: &str = "DUNG_HEN_";
/// Of a name that goes on as the province's file says: keys, and secrets of webhooks and pulls.
const OPEN: [&str; 3] = ["DUNG_HEN__", "DUNG_HEN_WEBHOOK_", "DUNG_HEN_PULL_"];

/// What Kubernetes sets in every container beside a service of the program's own name: where it is, under names like these.
const SERVICE: &str = "DUNG_HEN_SERVICE_HOST";
const OF_SERVICE: [&str; 2] = ["DUNG_HEN_SERVICE_", "DUNG_HEN_PORT"];

/// What is wrong with such a variable.
pub(super) const NO_SETTING: &str = "no setting of this program, and passed over; `server serve --help` names them all, and keys of the province's \
     file have two underscores: DUNG_HEN__HTTP__CALL_SECONDS";

/// Those that no command knows, in order.
pub(super) fn unknown() -> Vec<String> {
    let all = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    of(all)
}

fn of(all: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut known = Vec::new();
    names(&super::Cli::command(), &mut known);
    let is_known = |name: &str| {
        OPEN.iter().any(|start| name.starts_with(start)) || known.iter().any(|one| one == name)
    };
    let mut unknown: Vec<String> = (all.into_iter())
        .filter(|name| name.starts_with(OURS) && !is_known(name))
        .collect();
    if unknown.iter().any(|name| name == SERVICE) {
        unknown.retain(|name| !OF_SERVICE.iter().any(|start| name.starts_with(start)));
    }
    unknown.sort();
    unknown
}

fn names(command: &clap::Command, into: &mut Vec<String>) {
    let envs = command.get_arguments().filter_map(clap::Arg::get_env);
    into.extend(envs.filter_map(|name| Some(name.to_str()?.to_owned())));
    for one in command.get_subcommands() {
        names(one, into);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_mistyped_is_found_and_what_is_a_setting_is_not() {
        let all = [
            "PATH",
            "DATABASE_URL",
            "DUNG_HEN_LISTEN",
            "DUNG_HEN_LISTN",
            "DUNG_HEN_DATA",
            "DUNG_HEN_DATABASE",
            "DUNG_HEN_DIST",
            "DUNG_HEN_SERVER",
            "DUNG_HEN__HTTP__CALL_SECONDS",
            "DUNG_HEN_HTTP__CALL_SECONDS",
            "DUNG_HEN_WEBHOOK_TINH",
            "DUNG_HEN_IDENTITY_KEY",
        ];
        let wrong = [
            "DUNG_HEN_DATABASE",
            "DUNG_HEN_HTTP__CALL_SECONDS",
            "DUNG_HEN_LISTN",
            "DUNG_HEN_SERVER",
        ];
        assert_eq!(of(all.map(str::to_owned)), wrong);
    }

    /// A cluster in which the service is named `dung-hen`; a port by itself is a setting that somebody made up.
    #[test]
    fn what_a_cluster_says_of_the_service_is_no_mistake() {
        let cluster = [
            "DUNG_HEN_PORT",
            "DUNG_HEN_PORT_8080_TCP_ADDR",
            "DUNG_HEN_SERVICE_HOST",
            "DUNG_HEN_SERVICE_PORT_HTTP",
            "DUNG_HEN_LISTN",
        ];
        assert_eq!(of(cluster.map(str::to_owned)), ["DUNG_HEN_LISTN"]);
        assert_eq!(of(["DUNG_HEN_PORT".to_owned()]), ["DUNG_HEN_PORT"]);
    }
}
