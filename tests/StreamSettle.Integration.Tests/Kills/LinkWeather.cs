using StreamSettle.Tests.Links;

namespace StreamSettle.Integration.Tests.Kills;

/// <summary>Breaks a link in all its ways at random moments, the same ones for the same seed, and heals it when it is disposed of.</summary>
sealed class LinkWeather : IAsyncDisposable
{
    static readonly TimeSpan LongestCalm = TimeSpan.FromSeconds(10);

    readonly CuttableLink link;
    readonly Random random;
    readonly TimeSpan longest;
    readonly CancellationTokenSource over = new();
    readonly Dictionary<string, int> seen = [];
    readonly Task weather;

    /// <param name="longest">No trouble lasts longer.</param>
    public LinkWeather(CuttableLink link, int seed, TimeSpan longest)
    {
        (this.link, random, this.longest) = (link, new(seed), longest);
        weather = BlowAsync();
    }

    /// <summary>What happened, for people.</summary>
    public override string ToString() => string.Join(", ", seen.OrderBy(kind => kind.Key).Select(kind => $"{kind.Key} {kind.Value}"));

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await weather;
        over.Dispose();
    }

    async Task BlowAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(random.NextDouble() * LongestCalm, over.Token);
                var trouble = Trouble();
                seen[trouble] = seen.GetValueOrDefault(trouble) + 1;
                await Task.Delay(random.NextDouble() * longest, over.Token);
                link.Heal();
            }
        }
        catch (OperationCanceledException)
        {
            link.Heal();
        }
    }

    string Trouble()
    {
        switch (random.Next(7))
        {
            case 0:
                link.Cut();
                return "cut";
            case 1:
                link.Close();
                return "closed";
            case 2:
                (link.Delay, link.BytesPerSecond) = (TimeSpan.FromMilliseconds(random.Next(5, 400)), random.Next(10_000, 100_000));
                return "slow";
            case 3:
                link.Set(LinkTraffic.Refused);
                return "refused";
            case 4:
                link.Set(LinkTraffic.Swallowed);
                return "swallowed";
            default:
                link.Set(LinkTraffic.Stalls);
                return "stalled";
        }
    }
}
