using System.Globalization;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Watching;

namespace StreamSettle.App.Demo;

/// <summary>The instance that is killed in the middle (kill -9), and started again once the other one has all partitions.</summary>
sealed class KilledInstance(Func<ServiceInstance> start, string name, int orders, TimeProvider time) : IAsyncDisposable
{
    /// <summary>The middle: so much of the orders is completed, one in so many.</summary>
    const int Share = 4;

    ServiceInstance instance = start();
    Step step = Step.Runs;
    long at;

    enum Step
    {
        Runs,
        Killed,
        StartsAgain,
        IsBack,
    }

    /// <summary>What became of it.</summary>
    public string News { get; private set; } = "";

    /// <summary>It was killed, and runs again beside the other one.</summary>
    public bool IsBack => step == Step.IsBack;

    /// <summary>From the kill until it was back: in that time partitions were nobody's first, and changed hands twice.</summary>
    public TimeSpan Away { get; private set; }

    public Task ListensAsync(CancellationToken stop) => instance.ListensAsync(stop);

    public void RequireAlive() => instance.RequireAlive();

    /// <summary>Does what is to be done next.</summary>
    /// <param name="status">Of all instances, as the other one tells it.</param>
    public async Task StepAsync(StatusAnswer status, CancellationToken stop)
    {
        switch (step)
        {
            case Step.Runs:
                instance.RequireAlive();
                if (status.Flow.Completed >= Math.Max(1, orders / Share))
                {
                    await instance.KillAsync();
                    at = time.GetTimestamp();
                    Go(Step.Killed, $"{name} was killed (kill -9) after {status.Flow.Completed.ToString("N0", CultureInfo.InvariantCulture)} orders");
                }

                break;
            case Step.Killed when status.Ready && status.Instances.Where(other => !other.Self).All(other => other.Partitions.Length == 0):
                var missed = time.GetElapsedTime(at);
                await instance.DisposeAsync();
                instance = start();
                Go(Step.StartsAgain, string.Create(CultureInfo.InvariantCulture, $"{News}; its partitions were taken over {missed.TotalSeconds:0.0} s later"));
                break;
            case Step.StartsAgain:
                instance.RequireAlive();
                if (AllShare(status))
                {
                    Away = time.GetElapsedTime(at);
                    Go(Step.IsBack, string.Create(CultureInfo.InvariantCulture, $"{News}; {name} was back {Away.TotalSeconds:0.0} s after the kill"));
                }

                break;
        }
    }

    /// <summary>Both instances are there, and each has partitions.</summary>
    public static bool AllShare(StatusAnswer status) =>
        status is { Ready: true, Instances.Count: 2 } && status.Instances.All(instance => instance.Health == Health.Good && instance.Partitions.Length > 0);

    public ValueTask DisposeAsync() => instance.DisposeAsync();

    void Go(Step next, string news) => (step, News) = (next, news);
}
