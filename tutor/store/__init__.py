"""The store: SQLite by sqlite-utils, one owner thread, one module a table family."""

from tutor.store.alerts import LogEntry
from tutor.store.backup import BackupInfo
from tutor.store.recovery import DamagedDatabase
from tutor.store.search import SearchHit
from tutor.store.store import Store, stored_settings

__all__ = ["BackupInfo", "DamagedDatabase", "LogEntry", "SearchHit", "Store", "stored_settings"]
