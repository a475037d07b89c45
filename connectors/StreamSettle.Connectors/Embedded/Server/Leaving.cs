namespace StreamSettle.Connectors.Embedded.Server;

/// <summary>
/// Ends what hangs on a connection. Npgsql asks the server to cancel, on the thread that says so, and waits for an answer: into a black hole that takes as long as
/// the time-outs let it, and is then left to them.
/// </summary>
internal static class Leaving
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Does it, but waits for a while only; how it ends does not matter any more.</summary>
    public static async Task WithinPatienceAsync(Func<Task> leave, TimeProvider time)
    {
        var leaving = Task.Run(leave);
        _ = leaving.ContinueWith(late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        await Task.WhenAny(leaving, Task.Delay(Patience, time)).ConfigureAwait(false);
    }
}
