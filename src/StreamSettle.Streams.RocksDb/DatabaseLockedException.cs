namespace StreamSettle.Streams.RocksDb;

/// <summary>Another process, or another part of this one, has the database open.</summary>
public sealed class DatabaseLockedException(string message) : Exception(message);
