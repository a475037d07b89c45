namespace StreamSettle.Connectors.Embedded.Server;

/// <summary>
/// Ends what hangs on a connection, in its order: Npgsql's connections bear no second user, so nothing is closed before what was asked on it has ended. Npgsql asks
/// the server to cancel, on the thread that says so, and waits for an answer: into a black hole that takes as long as the time-outs let it, and is left to them.
/// </summary>
internal static class Leaving
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Begins to leave. The task never fails: how it ends does not matter any more.</summary>
    public static Task Begin(Func<Task> leave) => Task.Run(leave).ContinueWith(left => left.Exception, TaskScheduler.Default);

    /// <summary>Closes a connection when what uses it has ended; does not wait for that for ever.</summary>
    public static Task CloseAsync(Task user, IAsyncDisposable connection, TimeProvider time) => PatientlyAsync(
        Begin(async () =>
        {
            await user.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await connection.DisposeAsync().ConfigureAwait(false);
        }),
        time);

    /// <summary>Waits for what was begun, but for a while only.</summary>
    public static Task PatientlyAsync(Task leaving, TimeProvider time) => Task.WhenAny(leaving, Task.Delay(Patience, time));
}
