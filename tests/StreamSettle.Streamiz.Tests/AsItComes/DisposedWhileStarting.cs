namespace StreamSettle.Streamiz.Tests.AsItComes;

/// <summary>A process whose only stream is disposed of while it starts, for what that does to the process.</summary>
static class DisposedWhileStarting
{
    /// <summary>The argument by which the test's program does it.</summary>
    public const string Verb = "dispose-while-starting";

    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync()
    {
        var script = new Scripted();
        script.Subscribed = script.Dispose;
        await script.StartAsync();

        // What dies does it at once, on a thread of its own.
        await Task.Delay(Grace);
        return 0;
    }
}
