using System.Text.Json;
using StreamSettle.App.Composition;
using StreamSettle.App.Http;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Kafka.Members;

namespace StreamSettle.App.Payouts;

/// <summary>What waits for its payout on all instances. Who cannot be heard is named: what waits there is never counted as nothing.</summary>
static class GroupForecast
{
    public static ForecastAnswer Own(SettlementService service, int most) => ForecastAnswer.Of(service.Tallies.Payouts, UtcInstant.Now(service.Time).ToString(), most);

    /// <param name="authorization">The caller's own: what he may see of one instance he may see of all.</param>
    public static async Task<ForecastAnswer> CompleteAsync(SettlementService service, int most, string? authorization, CancellationToken stop)
    {
        var others = await Task.WhenAll(service.Instances.Where(one => !one.IsSelf).Select(one => AskAsync(one, most, authorization, stop)));
        return others.Aggregate(Own(service, most), (sum, other) => sum.Plus(other, most));
    }

    static async Task<ForecastAnswer> AskAsync(ApplicationMember instance, int most, string? authorization, CancellationToken stop)
    {
        if (instance.AdvertisedUrl is not { } url)
        {
            return Silent(instance, "it names no Kafka:AdvertisedUrl, so it cannot be asked");
        }

        try
        {
            using var request = Neighbours.Get(url, $"/api/v1/forecast?scope={GroupStatus.OneInstance}&limit={most}", authorization);
            using var answer = await Neighbours.Http.SendAsync(request, stop);
            return !answer.IsSuccessStatusCode
                ? Silent(instance, $"it answers {(int)answer.StatusCode}")
                : JsonSerializer.Deserialize(await answer.Content.ReadAsStreamAsync(stop), ApiJson.Default.ForecastAnswer) ?? Silent(instance, "it answers nothing");
        }
        catch (Exception away) when (away is HttpRequestException or IOException or JsonException or UriFormatException || (away is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return Silent(instance, $"it cannot be heard: {FailureText.Of(away)}");
        }
    }

    static ForecastAnswer Silent(ApplicationMember instance, string why) => new("", [], [], 0, [$"instance {instance.InstanceId}: {why}"]);
}
