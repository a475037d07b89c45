using System.Diagnostics;
using Xunit;

namespace StreamSettle.Integration.Tests.Around;

/// <summary>Waits for conditions, never longer than is said.</summary>
static class Until
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <summary>Generous: the machine may be busy with other things.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    /// <param name="what">What is waited for, for the message.</param>
    /// <param name="seen">What was seen last, for the message.</param>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null, Func<string>? seen = null)
    {
        var clock = Stopwatch.StartNew();
        var bound = within ?? Patience;
        using var ticks = new PeriodicTimer(Interval);
        while (!await condition())
        {
            if (clock.Elapsed > bound)
            {
                Assert.Fail($"not within {bound}: {what}. {seen?.Invoke()}");
            }

            await ticks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? within = null, Func<string>? seen = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, within, seen);
}
