//! Reads the PostgreSQL protocol, version 3, as it passes ("Message Formats" in PostgreSQL's manual).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

/// What passed.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Counts {
    /// How often the program waited for the database: each Sync and each simple Query.
    pub round_trips: u64,
    /// Each Sync with nothing before it: the pool looks at a connection that was given back, after
    /// the request that used it. No request waits for it, so it is counted apart.
    pub pings: u64,
    /// How often something written was committed.
    pub commits: u64,
    /// The text of each statement executed, in order.
    pub statements: Vec<String>,
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one under test.
    Program,
    /// PostgreSQL.
    Database,
}

/// One connection.
#[derive(Debug)]
pub struct Conversation {
    counts: Arc<Mutex<Counts>>,
    program: Frames,
    database: Frames,
    /// Texts by statement name, and by portal name.
    prepared: HashMap<Vec<u8>, String>,
    portals: HashMap<Vec<u8>, String>,
    /// Whether anything was said since the last Sync.
    said: bool,
    /// Executed since the last Sync; then one entry for each ReadyForQuery to come.
    open: Vec<String>,
    awaited: Vec<Vec<String>>,
    /// The state of the transaction after the last ReadyForQuery: `I`, `T` or `E`.
    status: u8,
    failed: bool,
    block_wrote: bool,
}

impl Conversation {
    /// A connection before its first byte.
    pub fn new(counts: Arc<Mutex<Counts>>) -> Self {
        Self {
            counts,
            program: Frames { startup: true, buffer: Vec::new() },
            database: Frames { startup: false, buffer: Vec::new() },
            prepared: HashMap::new(),
            portals: HashMap::new(),
            said: false,
            open: Vec::new(),
            awaited: Vec::new(),
            status: b'I',
            failed: false,
            block_wrote: false,
        }
    }

    /// Takes note of bytes that pass.
    pub fn hear(&mut self, side: Side, bytes: &[u8]) {
        match side {
            Side::Program => {
                self.program.buffer.extend_from_slice(bytes);
                while let Some((kind, body)) = self.program.next() {
                    self.program_says(kind, &body);
                }
            }
            Side::Database => {
                self.database.buffer.extend_from_slice(bytes);
                while let Some((kind, body)) = self.database.next() {
                    self.database_says(kind, &body);
                }
            }
        }
    }

    fn program_says(&mut self, kind: u8, body: &[u8]) {
        let (first, rest) = c_string(body);
        self.said |= matches!(kind, b'P' | b'B' | b'D' | b'E' | b'C' | b'Q');
        match kind {
            // Parse: name, text.
            b'P' => {
                self.prepared.insert(first.to_vec(), text(c_string(rest).0));
            }
            // Bind: portal, statement name.
            b'B' => {
                let statement = self.prepared.get(c_string(rest).0).cloned().unwrap_or_default();
                self.portals.insert(first.to_vec(), statement);
            }
            // Execute: portal.
            b'E' => self.open.push(self.portals.get(first).cloned().unwrap_or_default()),
            // Close: `S` or `P`, then the name.
            b'C' if body.first() == Some(&b'S') => {
                self.prepared.remove(c_string(&body[1..]).0);
            }
            b'S' => self.wait(),
            b'Q' => {
                self.open.push(text(first));
                self.wait();
            }
            _ => {}
        }
    }

    fn wait(&mut self) {
        let executed = std::mem::take(&mut self.open);
        let said = std::mem::take(&mut self.said);
        let mut counts = self.counts.lock().unwrap();
        counts.round_trips += u64::from(said);
        counts.pings += u64::from(!said);
        counts.statements.extend(executed.iter().cloned());
        self.awaited.push(executed);
    }

    fn database_says(&mut self, kind: u8, body: &[u8]) {
        match kind {
            b'E' => self.failed = true,
            b'Z' => self.ready(body.first().copied().unwrap_or(b'I')),
            _ => {}
        }
    }

    /// ReadyForQuery ends a round trip, except the first, which ends the log-in.
    fn ready(&mut self, status: u8) {
        let failed = std::mem::take(&mut self.failed);
        let before = std::mem::replace(&mut self.status, status);
        if self.awaited.is_empty() {
            return;
        }
        let executed = self.awaited.remove(0);
        let wrote = executed.iter().any(|sql| writes(sql));
        if status != b'I' {
            self.block_wrote = (before != b'I' && self.block_wrote) || wrote;
            return;
        }
        let committed = match before {
            b'I' => wrote && !failed,
            b'T' => {
                let ends = executed.iter().any(|sql| matches!(&*first_word(sql), "COMMIT" | "END"));
                ends && !failed && (wrote || self.block_wrote)
            }
            _ => false,
        };
        self.block_wrote = false;
        self.counts.lock().unwrap().commits += u64::from(committed);
    }
}

/// Cuts a stream into messages: a kind, a length that counts itself, a body.
#[derive(Debug)]
struct Frames {
    /// The program's first message has no kind.
    startup: bool,
    buffer: Vec<u8>,
}

impl Frames {
    fn next(&mut self) -> Option<(u8, Vec<u8>)> {
        let header = if self.startup { 0 } else { 1 };
        let length = self.buffer.get(header..header + 4)?;
        let end = header + u32::from_be_bytes(length.try_into().unwrap()) as usize;
        if self.buffer.len() < end {
            return None;
        }
        let message: Vec<u8> = self.buffer.drain(..end).collect();
        let kind = if self.startup { 0 } else { message[0] };
        self.startup = false;
        Some((kind, message[header + 4..].to_vec()))
    }
}

/// A zero-ended string, and what follows it.
fn c_string(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.iter().position(|byte| *byte == 0) {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &[]),
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn first_word(sql: &str) -> String {
    words(sql).into_iter().next().unwrap_or_default()
}

/// Whether a statement changes data: a verb anywhere in it, since `WITH` may hold one.
fn writes(sql: &str) -> bool {
    let words = words(sql);
    let changes = |(at, word): (usize, &String)| match word.as_str() {
        "INSERT" | "DELETE" | "MERGE" | "TRUNCATE" | "CREATE" | "ALTER" | "DROP" => true,
        // Not the lock of `SELECT ... FOR UPDATE`, `FOR NO KEY UPDATE`.
        "UPDATE" => at == 0 || !matches!(words[at - 1].as_str(), "FOR" | "KEY"),
        _ => false,
    };
    words.iter().enumerate().any(changes)
}

/// The words in capitals, without strings, quoted names and comments.
fn words(sql: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut rest = sql.chars().peekable();
    while let Some(c) = rest.next() {
        if c.is_alphanumeric() || c == '_' || c == '$' {
            words.last_mut().unwrap().extend(c.to_uppercase());
            continue;
        }
        if !words.last().unwrap().is_empty() {
            words.push(String::new());
        }
        match (c, rest.peek()) {
            ('\'' | '"', _) => while rest.next().is_some_and(|next| next != c) {},
            ('-', Some('-')) => while rest.next().is_some_and(|next| next != '\n') {},
            ('/', Some('*')) => {
                let mut before = ' ';
                for next in rest.by_ref() {
                    if before == '*' && next == '/' {
                        break;
                    }
                    before = next;
                }
            }
            _ => {}
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn writing_statements_are_told_from_reading_ones() {
    for sql in
        ["insert into a values (1)", "WITH x AS (\nUPDATE a SET b = 1) SELECT 1", "/* why */ DELETE FROM a"]
    {
        assert!(writes(sql), "{sql}");
    }
    for sql in [
        "SELECT updated_at FROM a FOR UPDATE",
        "SELECT 1 FOR NO KEY UPDATE SKIP LOCKED",
        "SELECT 'insert', \"delete\" -- update\n FROM a",
        "SELECT 1 /* delete */",
    ] {
        assert!(!writes(sql), "{sql}");
    }
}

#[test]
fn messages_are_found_however_they_are_cut() {
    let counts = Arc::<Mutex<Counts>>::default();
    let mut conversation = Conversation::new(Arc::clone(&counts));
    let mut stream = vec![0, 0, 0, 8, 0, 3, 0, 0];
    stream.extend(
        b"P\0\0\0\x11s\0DELETE X\0\0\0".iter().chain(b"B\0\0\0\x08\0s\0\0").chain(b"E\0\0\0\x09\0\0\0\0\0"),
    );
    stream.extend(b"S\0\0\0\x04");
    for byte in stream {
        conversation.hear(Side::Program, &[byte]);
    }
    conversation.hear(Side::Database, b"Z\0\0\0\x05I");
    let expected = Counts { round_trips: 1, pings: 0, commits: 1, statements: vec!["DELETE X".to_owned()] };
    assert_eq!(*counts.lock().unwrap(), expected);
}
