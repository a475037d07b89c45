using StreamSettle.Delivery.Breakers;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Delivery.Tests.Breakers;

public class ErrorWindowTests
{
    readonly ErrorWindow window = new(TimeSpan.FromMinutes(1), minimum: 20);

    [Fact]
    public void Too_few_outcomes_say_nothing()
    {
        window.Count(At(0), 19, 19);
        Assert.Null(window.Ratio(At(0)));
        window.Count(At(1), 1, 0);
        Assert.Equal(0.95, window.Ratio(At(1)));
    }

    [Fact]
    public void What_is_older_than_the_window_is_forgotten()
    {
        window.Count(At(0), 100, 100);
        window.Count(At(30), 100, 0);
        Assert.Equal(0.5, window.Ratio(At(60)));
        Assert.Equal(0, window.Ratio(At(61)));
        Assert.Null(window.Ratio(At(91)));
        window.Count(At(200), 20, 2);
        Assert.Equal(0.1, window.Ratio(At(200)));
    }

    static MonotonicInstant At(int second) => new(1_000_000_000L + second * 1_000_000L);
}
