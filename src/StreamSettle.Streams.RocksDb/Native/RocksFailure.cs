using System.Runtime.InteropServices;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Streams.RocksDb.Native;

/// <summary>Turns RocksDB's error strings into our failures, by who must act.</summary>
internal static unsafe class RocksFailure
{
    /// <summary>Frees <paramref name="error"/>; does nothing where it is null.</summary>
    /// <param name="action">What was done, to <paramref name="family"/> where that says more; put together only when it failed.</param>
    public static void ThrowIf(byte* error, string directory, string action, string family = "")
    {
        if (error is not null)
        {
            throw From(error, directory, $"{action} {family}".TrimEnd());
        }
    }

    static Exception From(byte* error, string directory, string what)
    {
        var message = Marshal.PtrToStringUTF8((nint)error) ?? "unknown error";
        DatabaseCalls.rocksdb_free(error);
        if (IsLocked(message))
        {
            return new DatabaseLockedException(message);
        }

        return message.StartsWith("Corruption", StringComparison.Ordinal)
            ? new CorruptStateException(
                $"the database in {directory} is damaged ({what}): {message}. Stop, keep a copy of the directory, and restore it from a backup taken while stopped; "
                + "see docs/operations.md")
            : new EnvironmentFailedException($"the database in {directory} failed ({what}): {message}");
    }

    static bool IsLocked(string message) =>
        message.Contains("lock hold by current process", StringComparison.Ordinal)
        || message.Contains("While lock file", StringComparison.Ordinal);
}
