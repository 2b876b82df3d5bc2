//! A PostgreSQL server of the tests' own, on a socket in a directory of its own.
//!
//! The one decision: a shell keeps the server and reads what the test wants from its stdin, so that the server ends with
//! the test however that ends, and no system service is touched. As root it runs as the package's user, since the
//! server refuses root. The unit tests of the journal use this file too, so it leans on nothing but std.

#![allow(dead_code, reason = "the unit tests use less of it than the others")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

/// What the keeper does: makes a cluster, then starts, stops and kills the server as it is told, one word a line.
const KEEPER: &str = r#"
bin=$1 dir=$2 primary=$3
say() { echo "$1"; }
run() {
  "$bin/postgres" -D "$dir/data" -k "$dir" -h '' -c fsync=off -c max_connections=200 -c shared_buffers=32MB \
    -c autovacuum=off -c unix_socket_permissions=0777 $(cat "$dir/options" 2>/dev/null) >>"$dir/log" 2>&1 &
  pid=$!
  for _ in $(seq 300); do
    "$bin/pg_isready" -q -h "$dir" -p "$(cat "$dir/port" 2>/dev/null || echo 5432)" -U admin && return 0
    kill -0 $pid 2>/dev/null || return 1
    sleep 0.05
  done
  return 1
}
end() { kill -"$1" $pid 2>/dev/null; wait $pid; }
if [ -n "$primary" ]; then
  "$bin/pg_basebackup" -h "$primary" -U admin -D "$dir/data" -R -c fast --no-sync >"$dir/initdb.log" 2>&1 || exit 1
else
  "$bin/initdb" -D "$dir/data" -U admin -A trust --no-sync -E UTF8 --locale=C >"$dir/initdb.log" 2>&1 || exit 1
fi
run || exit 1
say ready
while read -r word; do
  case $word in
    stop) end INT ;;
    kill) end QUIT ;;
    start) run || { say failed; continue; } ;;
    certificate) cp "$dir/server.crt" "$dir/server.key" "$dir/data/" && chmod 600 "$dir/data/server.key" ;;
    freeze) kill -STOP $pid ;;
    thaw) kill -CONT $pid ;;
    standby) touch "$dir/data/standby.signal" ;;
    promote) "$bin/pg_ctl" -D "$dir/data" promote -w >>"$dir/log" 2>&1 || { say failed; continue; }
      while [ "$("$bin/psql" -XqAtc 'SELECT pg_is_in_recovery()' -h "$dir" -U admin postgres)" != f ]; do :; done ;;
    session|transaction)
      [ -n "$pool" ] && { kill "$pool"; wait "$pool"; }
      printf '[databases]\n* = host=%s port=5432 user=admin\n[pgbouncer]\nlisten_addr =\nlisten_port = 6432\n' "$dir" >"$dir/pool.ini"
      printf 'unix_socket_dir = %s\nauth_type = any\npool_mode = %s\n' "$dir" "$word" >>"$dir/pool.ini"
      /usr/sbin/pgbouncer -q "$dir/pool.ini" >>"$dir/log" 2>&1 &
      pool=$!
      for _ in $(seq 100); do [ -S "$dir/.s.PGSQL.6432" ] && break; sleep 0.05; done ;;
  esac
  say "$word"
done
[ -n "$pool" ] && kill "$pool"
end INT
rm -rf "$dir"
"#;

/// A server that ends with this.
pub struct PostgresServer {
    dir: PathBuf,
    keeper: Mutex<Keeper>,
    made: AtomicU32,
}

struct Keeper {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        drop(keeper.orders.take());
        let _ = keeper.child.wait();
    }
}

/// Where the newest server's programs are; Debian keeps them off the PATH.
pub fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let bins = versions
        .flatten()
        .map(|version| version.path().join("bin"))
        .filter(|bin| bin.join("postgres").exists());
    bins.max()
}

impl PostgresServer {
    /// One server for all tests of a process that leave it running.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<PostgresServer>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref()
    }

    /// A server of its own; none where PostgreSQL is not installed.
    pub fn start() -> Option<Self> {
        Self::like(None)
    }

    /// A standby of this server, which confirms no commit from here before the standby has it, until it is cut off.
    pub fn standby(&self) -> Option<Self> {
        let standby = Self::like(Some(&self.dir))?;
        self.setting("synchronous_commit", "remote_apply");
        self.setting("synchronous_standby_names", "*");
        // Confirmed by the standby: it streams.
        self.sql("postgres", "CREATE TABLE streams (it integer)");
        Some(standby)
    }

    /// From here this standby gets nothing more, and its primary does not wait for it.
    pub fn cut_off(&self, primary: &Self) {
        self.setting("primary_conninfo", "");
        while self.sql("postgres", "SELECT count(*) FROM pg_stat_wal_receiver") != "0" {}
        primary.setting("synchronous_standby_names", "");
    }

    fn setting(&self, name: &str, value: &str) {
        self.sql("postgres", &format!("ALTER SYSTEM SET {name} = '{value}'"));
        self.sql("postgres", "SELECT pg_reload_conf()");
    }

    fn like(primary: Option<&Path>) -> Option<Self> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let bin = programs()?;
        let number = MADE.fetch_add(1, Ordering::SeqCst);
        let name = format!("mps-pg-{}-{number}", std::process::id());
        let dir = std::env::temp_dir().join(name);
        fs::create_dir_all(&dir).ok()?;
        let root = rustix::process::geteuid().is_root();
        let mut keeper = if root {
            let id = |flag: &str| -> Option<u32> {
                let out = Command::new("id").args([flag, "postgres"]).output().ok()?;
                String::from_utf8(out.stdout).ok()?.trim().parse().ok()
            };
            let (uid, gid) = (id("-u")?, id("-g")?);
            std::os::unix::fs::chown(&dir, Some(uid), Some(gid)).ok()?;
            let mut command = Command::new("setpriv");
            command.args([
                &format!("--reuid={uid}"),
                &format!("--regid={gid}"),
                "--clear-groups",
                "sh",
            ]);
            command
        } else {
            Command::new("sh")
        };
        keeper
            .args(["-c", KEEPER, "keeper"])
            .arg(bin)
            .arg(&dir)
            .arg(primary.unwrap_or(Path::new("")))
            .current_dir(&dir)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = keeper.spawn().ok()?;
        let (orders, answers) = (child.stdin.take(), BufReader::new(child.stdout.take()?));
        let keeper = Keeper {
            child,
            orders,
            answers,
        };
        let server = Self {
            dir,
            keeper: Mutex::new(keeper),
            made: AtomicU32::new(0),
        };
        let ready = server.answer();
        assert_eq!(ready, "ready", "no server: {}", server.log());
        Some(server)
    }

    /// Tells the keeper one word and waits until it is done.
    pub fn tell(&self, word: &str) {
        {
            let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
            let orders = keeper.orders.as_mut().expect("the keeper listens");
            writeln!(orders, "{word}").expect("the keeper listens");
        }
        assert_eq!(self.answer(), word, "{}", self.log());
    }

    fn answer(&self) -> String {
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        let mut line = String::new();
        let _ = keeper.answers.read_line(&mut line);
        line.trim().to_owned()
    }

    /// Options of the server from its next start on.
    pub fn options(&self, options: &str) {
        fs::write(self.dir.join("options"), options).expect("a file of ours");
    }

    /// Serves this port of the loopback too from its next start on, which [`PostgresServer::sql`] does not know of.
    pub fn port(&self, port: &str, options: &str) {
        fs::write(self.dir.join("port"), port).expect("a file of ours");
        self.options(&format!(
            "-c listen_addresses=127.0.0.1 -c port={port} {options}"
        ));
    }

    /// What the server said.
    pub fn log(&self) -> String {
        let read = |name| fs::read_to_string(self.dir.join(name)).unwrap_or_default();
        read("initdb.log") + &read("log")
    }

    /// The directory of the socket.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Makes an empty database; its name.
    pub fn database(&self) -> String {
        let number = self.made.fetch_add(1, Ordering::SeqCst);
        let name = format!("mps{number}");
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        name
    }

    /// The address of a database for its owner.
    pub fn url(&self, database: &str) -> String {
        self.url_of("admin", database)
    }

    /// The same for another role.
    pub fn url_of(&self, role: &str, database: &str) -> String {
        format!("postgres://{role}@/{database}?host={}", self.dir.display())
    }

    /// Runs SQL as the owner; what it says.
    #[track_caller]
    pub fn sql(&self, database: &str, sql: &str) -> String {
        let (said, worked) = self.try_sql("admin", database, sql);
        assert!(worked, "{sql}: {said}");
        said
    }

    /// All that is in a database, as text.
    pub fn dump(&self, database: &str) -> String {
        let out = Command::new("pg_dump")
            .args(["-U", "admin", "-h"])
            .arg(&self.dir)
            .arg(database)
            .output()
            .expect("pg_dump");
        assert!(
            out.status.success(),
            "{}",
            String::from_utf8_lossy(&out.stderr)
        );
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    /// Runs SQL as any role; what it says, and whether it worked.
    pub fn try_sql(&self, role: &str, database: &str, sql: &str) -> (String, bool) {
        let out = Command::new("psql")
            .args([
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-U",
                role,
                "-h",
            ])
            .arg(&self.dir)
            .args(["-d", database, "-c", sql])
            .output()
            .expect("psql");
        let said = [out.stdout, out.stderr].concat();
        let said = String::from_utf8_lossy(&said).trim().to_owned();
        (said, out.status.success())
    }
}
