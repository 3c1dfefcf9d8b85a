//! Page templates and catalogues.
