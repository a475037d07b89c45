using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Kills;

/// <summary>Sells until it is told to close, round after round; what is to happen to the orders of a round happens while later ones are sold.</summary>
sealed class EndlessShop(World world, ShopOptions round)
{
    const long IdsOfARound = 100_000;

    readonly List<Task<ShopSummary>> rounds = [];
    volatile bool open = true;
    Task? selling;

    public void Open() => selling = SellAsync();

    /// <summary>Sells no further round, whatever becomes of the last one: the test has failed.</summary>
    public void Abandon() => open = false;

    /// <summary>Ends the last round, and waits until all that was to happen has happened.</summary>
    /// <returns>How many orders were sold, and how many were changed later.</returns>
    public async Task<(int Created, int Edited)> CloseAsync()
    {
        open = false;
        await selling!;
        var all = await Task.WhenAll(rounds);
        Assert.All(all, sold => Assert.True(sold.Created == round.Orders && !sold.Interrupted, sold.ToText()));
        return (all.Sum(sold => sold.Created), all.Sum(sold => sold.Edited));
    }

    async Task SellAsync()
    {
        while (open)
        {
            var created = 0;
            var sold = world.SellAsync(round with { Seed = round.Seed + rounds.Count, FirstOrderId = 1 + rounds.Count * IdsOfARound }, new Latest(now => created = now.Created));
            rounds.Add(sold);
            await Until.TrueAsync(() => created == round.Orders || sold.IsCompleted, "a round is sold");
        }
    }

    sealed class Latest(Action<ShopProgress> take) : IProgress<ShopProgress>
    {
        public void Report(ShopProgress value) => take(value);
    }
}
