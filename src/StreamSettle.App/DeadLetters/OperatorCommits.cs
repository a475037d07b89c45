using StreamSettle.Streams.Log;

namespace StreamSettle.App.DeadLetters;

/// <summary>Writes what operators ask for into the log, one after the other: on a cluster each client is a producer that has to be initialised. Thread-safe.</summary>
sealed class OperatorCommits(IStreamLog log)
{
    /// <summary>The group under which it is written; it reads nothing.</summary>
    const string Group = "operators";

    readonly Lock writing = new();

    /// <exception cref="TransactionAbortedException">Nothing of it was written.</exception>
    public void Write(LogCommit commit)
    {
        lock (writing)
        {
            using var client = log.OpenClient(Group, Group);
            client.Commit(commit);
        }
    }
}
