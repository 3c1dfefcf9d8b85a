//! Where settings come from, and how the layers are laid over one another.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::{
    reader::{Origins, SettingFault},
    registry,
};

/// What to read, lowest layer first: built-in defaults, `file`, `env`, `overrides`.
#[derive(Default)]
pub struct Sources {
    /// The operator's TOML file.
    pub file: Option<PathBuf>,
    /// The process's environment; only `TAMGA_SECTION__KEY` and `DATABASE_URL` are looked at.
    pub env: Vec<(String, String)>,
    /// `tamga dev`: profiles on and a pretty log unless set otherwise.
    pub development: bool,
    /// Dotted key and value, over everything else: what a command itself decides.
    pub overrides: Vec<(String, String)>,
}

/// Where the file is looked for when neither `--config` nor `TAMGA_CONFIG` names one.
const USUAL_PLACES: [&str; 2] = ["/etc/tamga/tamga.toml", "config/tamga.toml"];

impl Sources {
    /// The process's own: the file of `--config`, else of `TAMGA_CONFIG`, else the first of
    /// `/etc/tamga/tamga.toml` and `./config/tamga.toml` that is there, else none. `tamga dev`
    /// does not look in the usual places: an installed server's settings are not meant for it.
    pub fn of_process(config: Option<PathBuf>, development: bool) -> Self {
        // A name or value that is not Unicode can't be one of ours.
        let env: Vec<(String, String)> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let named = || env.iter().find(|(name, value)| name == "TAMGA_CONFIG" && !value.is_empty());
        let usual = || {
            let mut places = USUAL_PLACES.iter().map(Path::new);
            if development { None } else { places.find(|path| path.exists()).map(Path::to_path_buf) }
        };
        let file = config.or_else(|| named().map(|(_, path)| PathBuf::from(path))).or_else(usual);
        Self { file, env, development, overrides: Vec::new() }
    }

    /// Whether any layer gives this secret, as `key` or as `key_file`.
    pub fn gives(&self, section: &str, key: &str) -> bool {
        let (table, _, _) = self.merge();
        table
            .get(section)
            .and_then(Value::as_table)
            .is_some_and(|section| section.contains_key(key) || section.contains_key(&format!("{key}_file")))
    }

    /// All layers as one table, where the values above the file came from, and what could not be read.
    pub(super) fn merge(&self) -> (Table, Origins, Vec<SettingFault>) {
        let mut table = Table::new();
        let mut faults = Vec::new();
        let shipped = parse("the built-in registry", registry::SHIPPED);
        for layer in [shipped, self.read_file()] {
            match layer {
                Ok(layer) => lay_over(&mut table, layer),
                Err(fault) => faults.push(fault),
            }
        }
        let mut origins = Origins::new();
        // DATABASE_URL first, so that the more precise name wins.
        for layer in [self.plain_env(), self.own_env(), self.override_values()] {
            let mut values = Table::new();
            for Given { key, value, origin } in layer {
                set(&mut values, &key, value);
                origins.insert(key, origin);
            }
            lay_over(&mut table, values);
        }
        (table, origins, faults)
    }

    fn read_file(&self) -> Result<Table, SettingFault> {
        let Some(path) = &self.file else { return Ok(Table::new()) };
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| SettingFault {
            key: name.clone(),
            message: format!("can't be read ({error}); check the path and its permissions"),
        })?;
        parse(&name, &text)
    }

    fn plain_env(&self) -> Vec<Given> {
        let given = |(name, value): &(String, String)| Given::new("database.url".into(), value, name);
        self.env
            .iter()
            .filter(|(name, value)| name == "DATABASE_URL" && !value.is_empty())
            .map(given)
            .collect()
    }

    fn own_env(&self) -> Vec<Given> {
        let given = |(name, value): &(String, String)| {
            // Names without `__` are not settings: TAMGA_CONFIG, and what an orchestrator sets for
            // a service called tamga (TAMGA_PORT, TAMGA_SERVICE_HOST ...).
            let key = name.strip_prefix("TAMGA_").filter(|rest| rest.contains("__"))?;
            // Empty counts as left out: compose files pass `${NAME:-}` for what is not set.
            if value.is_empty() {
                return None;
            }
            Some(Given::new(key.to_lowercase().replace("__", "."), value, name))
        };
        self.env.iter().filter_map(given).collect()
    }

    fn override_values(&self) -> Vec<Given> {
        self.overrides.iter().map(|(key, value)| Given::new(key.clone(), value, "this command")).collect()
    }
}

/// One value from above the file.
struct Given {
    key: String,
    value: String,
    origin: String,
}

impl Given {
    fn new(key: String, value: &str, origin: &str) -> Self {
        Self { key, value: value.to_owned(), origin: origin.to_owned() }
    }
}

/// The parser's own `Display` quotes the line, which may hold a secret; so only place and reason.
fn parse(name: &str, text: &str) -> Result<Table, SettingFault> {
    text.parse::<Table>().map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        SettingFault {
            key: name.to_owned(),
            message: format!("is not TOML: line {line}: {}", error.message()),
        }
    })
}

fn set(table: &mut Table, key: &str, value: String) {
    match key.split_once('.') {
        None => {
            table.insert(key.to_owned(), Value::String(value));
        }
        Some((section, rest)) => {
            let below = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
            if !below.is_table() {
                *below = Value::Table(Table::new());
            }
            if let Value::Table(below) = below {
                set(below, rest, value);
            }
        }
    }
}

/// A secret given as `x` replaces one given lower down as `x_file`, and the other way round. Both
/// in one layer stay, and are refused when read.
fn lay_over(below: &mut Table, above: Table) {
    for key in above.keys() {
        below.remove(&format!("{key}_file"));
        if let Some(inline) = key.strip_suffix("_file") {
            below.remove(inline);
        }
    }
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => lay_over(below, above),
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}
