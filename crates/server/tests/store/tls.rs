//! TLS to a real PostgreSQL that takes nothing else.

use dung_hen_server::store::Store;

use crate::support::tls_cluster;

#[test]
fn a_database_is_reached_over_tls_and_checked_where_that_is_asked() {
    let (_cluster, port, authority) = tls_cluster();
    let open = |host: &str, query: &str| {
        Store::open(&format!(
            "postgres://postgres@{host}:{port}/postgres?{query}"
        ))
        .map_err(|error| error.to_string())
    };
    let authority = authority.display().to_string().replace('/', "%2F");
    let checked = format!("sslmode=verify-full&sslrootcert={authority}");
    assert!(
        open("localhost", "sslmode=disable").is_err(),
        "it takes TLS alone"
    );
    // Without a word: where it is offered, it is used.
    for query in ["", "sslmode=prefer", "sslmode=require", checked.as_str()] {
        let store = open("localhost", query).unwrap_or_else(|error| panic!("{query}: {error}"));
        let found = store.read_now(|reader| reader.find_case("NONE"));
        assert!(found.unwrap().is_none());
    }
    assert!(
        open("127.0.0.1", &checked).is_err(),
        "a certificate of another name"
    );
    assert!(
        open("localhost", "sslmode=verify-full").is_err(),
        "an authority of nobody"
    );
    let told = open("localhost", "sslmode=verify-full&sslrootcert=%2Fnowhere").unwrap_err();
    assert!(told.contains("sslrootcert"), "{told}");
}
