namespace StreamSettle.Kafka.Tests.Testing;

/// <summary>Lets a processor stand still when a test wants it: its thread polls no more, as that of a stopped process.</summary>
sealed class Hang : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    readonly ManualResetEventSlim goesOn = new(initialState: true);
    readonly ManualResetEventSlim hangs = new();

    public void Begin() => goesOn.Reset();

    public void End() => goesOn.Set();

    public void WaitUntilHanging() => Xunit.Assert.True(hangs.Wait(Patience), "it hangs");

    /// <summary>Called by the processor with each record.</summary>
    public void Pass()
    {
        if (!goesOn.IsSet)
        {
            hangs.Set();
            goesOn.Wait(Patience);
        }
    }

    public void Dispose()
    {
        End();
        goesOn.Dispose();
        hangs.Dispose();
    }
}
