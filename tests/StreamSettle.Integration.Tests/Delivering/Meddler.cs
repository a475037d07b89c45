using System.Net;
using System.Net.Http.Json;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Delivering;

/// <summary>A person who holds and releases at random, and has returned calls go again, the same for the same seed; while the service is away it is tried in vain.</summary>
sealed class Meddler : IAsyncDisposable
{
    static readonly TimeSpan LongestCalm = TimeSpan.FromMilliseconds(800);
    static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(2);

    readonly HttpClient http;
    readonly Random random;
    readonly int merchants;
    readonly CancellationTokenSource over = new();
    readonly List<string> mine = [];
    readonly Task meddling;
    int nth;

    public Meddler(Uri service, string key, int seed, int merchants)
    {
        http = new() { BaseAddress = service, Timeout = TimeSpan.FromSeconds(10), DefaultRequestHeaders = { Authorization = new("Bearer", key) } };
        (random, this.merchants) = (new(seed), merchants);
        meddling = MeddleAsync();
    }

    /// <summary>Holds that were answered.</summary>
    public int Held { get; private set; }

    /// <summary>Meddles no more, and lets go of everything.</summary>
    public async Task StopAsync()
    {
        await over.CancelAsync();
        await meddling;
        foreach (var hold in mine)
        {
            // Of one that is over, or was never answered, there is nothing to release.
            await Until.TrueAsync(
                async () => await PostAsync($"/api/v1/holds/{hold}/release", new { reason = "the storm is over", requestId = $"{hold}-end" })
                    is HttpStatusCode.OK or HttpStatusCode.Accepted or HttpStatusCode.Conflict or HttpStatusCode.NotFound,
                $"the hold {hold} is released");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await meddling;
        over.Dispose();
        http.Dispose();
    }

    /// <summary>What was returned goes again, and whatever else waits for a person.</summary>
    public Task<HttpStatusCode> ReplayAsync(string reason) => PostAsync("/api/v1/dead-letters", new { action = "replay", filter = new { reason }, reason = "tried again", limit = 500 });

    async Task MeddleAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(random.NextDouble() * LongestCalm, over.Token);
                switch (random.Next(5))
                {
                    case 0:
                        await ReplayAsync("returned: ");
                        break;
                    case 1 when mine.Count > 0:
                        await PostAsync($"/api/v1/holds/{mine[random.Next(mine.Count)]}/release", new { reason = "looked into" });
                        break;
                    default:
                        await HoldAsync();
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // It is told to stop.
        }
    }

    async Task HoldAsync()
    {
        var scope = random.Next(16) switch
        {
            0 => "everything",
            1 => "downstream:split",
            2 => "downstream:verification",
            < 10 => $"order:{1 + random.Next(300)}",
            _ => $"merchant:{1 + random.Next(merchants)}",
        };
        var (id, ends) = ($"hold-{++nth}", TimeProvider.System.GetUtcNow() + random.NextDouble() * LongestHold);

        // What reaches far has an end, or nothing else would happen.
        var isOpen = scope.StartsWith("order:", StringComparison.Ordinal) && random.Next(2) == 0;
        var until = isOpen ? null : ends.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture);
        mine.Add(id);
        Held += await PostAsync("/api/v1/holds", new { scope, reason = "looked into", until, requestId = id }) is HttpStatusCode.OK ? 1 : 0;
    }

    /// <returns>0 while nobody answers.</returns>
    async Task<HttpStatusCode> PostAsync(string path, object body)
    {
        try
        {
            using var answer = await http.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
        catch (Exception away) when (away is HttpRequestException or IOException || (away is OperationCanceledException && !TestContext.Current.CancellationToken.IsCancellationRequested))
        {
            return 0;
        }
    }
}
