using System.Diagnostics;
using Xunit;

namespace StreamSettle.Integration.Tests.Around;

/// <summary>Waits for conditions, never longer than is said. A pause of the whole test (a laptop that sleeps, a stopped process) counts as a second: nothing could happen in it.</summary>
static class Until
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);
    static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(1);

    /// <summary>Generous: the machine may be busy with other things.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    /// <param name="what">What is waited for, for the message.</param>
    /// <param name="seen">What was seen last, for the message.</param>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null, Func<string>? seen = null)
    {
        var bound = within ?? Patience;
        var waited = TimeSpan.Zero;
        using var ticks = new PeriodicTimer(Interval);
        while (true)
        {
            var step = Stopwatch.StartNew();
            if (await condition())
            {
                return;
            }

            if (waited > bound)
            {
                Assert.Fail($"not within {bound}: {what}. {seen?.Invoke()}");
            }

            await ticks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            waited += step.Elapsed < LongestStep ? step.Elapsed : LongestStep;
        }
    }

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? within = null, Func<string>? seen = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, within, seen);
}
