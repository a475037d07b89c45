using StreamSettle.App.Reconciling;
using StreamSettle.App.Reconciling.Comparison;
using Xunit;

namespace StreamSettle.Integration.Tests.Reconciling;

/// <summary>Only what two looks saw is told.</summary>
public class SecondLookTests
{
    static readonly History Agrees = new History().Scheduled();

    static readonly History Missing = new();

    static readonly History Disputed = new History().Scheduled().Shop(row => row with { Status = "DISPUTED" });

    static readonly History Moved = new History().Scheduled().Shop(row => row with { Merchant = 8 });

    static readonly History Gone = new History().Scheduled().Without();

    [Fact]
    public async Task What_was_only_on_its_way_is_not_told() => Assert.Empty(await LookAsync(Missing, Agrees));

    [Fact]
    public async Task What_stays_is_told_once() => Assert.Equal(["missing order"], await LookAsync(Missing, Missing));

    [Fact]
    public async Task What_is_new_at_the_second_look_is_looked_at_again()
    {
        Assert.Empty(await LookAsync(Missing, Disputed, Agrees));
        Assert.Equal(["state_differs status"], await LookAsync(Missing, Disputed, Disputed));
    }

    [Fact]
    public async Task What_is_another_thing_at_each_look_is_told_in_the_end() => Assert.Equal(["extra order"], await LookAsync(Missing, Disputed, Moved, Gone));

    /// <param name="looks">The order as each look finds it; a look that is not asked for, or one too many, fails.</param>
    static async Task<string[]> LookAsync(params History[] looks)
    {
        var at = 1;
        var second = new SecondLook((_, _, _) => Task.FromResult<IReadOnlyList<ComparedOrder>>([looks[at++].Order()]), () => History.Terms, TimeSpan.Zero, TimeProvider.System);
        second.Suspect(new(42), OrderComparison.Of(looks[0].Order(), History.Terms));
        var told = await second.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(looks.Length, at);
        Assert.True(second.IsEmpty);
        return [.. told.Select(one => $"{one.Kind.Word()} {one.Subject}")];
    }
}
