//! `server health`: asks the server on this machine whether it is ready; for containers, which have no other client.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use clap::Args;

const PATIENCE: Duration = Duration::from_secs(4);

#[derive(Debug, Args)]
pub(super) struct HealthArgs {
    /// The address it listens on.
    #[arg(long, default_value = "127.0.0.1:8080", env = "DUNG_HEN_LISTEN")]
    listen: SocketAddr,
}

pub(super) fn health(args: &HealthArgs) -> Result<(), String> {
    let mut address = args.listen;
    // "Every address" is one to listen on, not one to ask.
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        });
    }
    let answer = ask(address).map_err(|error| format!("{address}: {error}"))?;
    let status = answer.split(' ').nth(1).unwrap_or("nothing");
    if status == "200" {
        Ok(())
    } else {
        Err(format!("{address}: not ready, status {status}"))
    }
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
