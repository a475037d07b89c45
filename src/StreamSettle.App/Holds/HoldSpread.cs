using System.Text.Json;
using StreamSettle.App.Composition;
using StreamSettle.App.Http;
using StreamSettle.App.Running;
using StreamSettle.Kernel.Holds;
using StreamSettle.Streams.Kafka.Members;

namespace StreamSettle.App.Holds;

/// <summary>
/// Asks the other instances whether they go by a hold or its end yet. All read it from the log by themselves; whoever asked for it wants to know from when on it is so
/// everywhere, and who has not said so.
/// </summary>
sealed class HoldSpread(SettlementService service)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <returns>A line for each instance that has not confirmed it in time.</returns>
    public async Task<IReadOnlyList<string>> UnconfirmedAsync(Hold hold, string? authorization, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        var asked = await Task.WhenAll(service.Instances.Where(member => member is { IsSelf: false, IsLive: true }).Select(member => AskAsync(member, hold, authorization, patience.Token)));
        stop.ThrowIfCancellationRequested();
        return [.. asked.OfType<string>()];
    }

    /// <returns>Why it is not known there; null where it is.</returns>
    async Task<string?> AskAsync(ApplicationMember member, Hold hold, string? authorization, CancellationToken stop)
    {
        if (member.AdvertisedUrl is not { } url)
        {
            return $"instance {member.InstanceId} names no Kafka:AdvertisedUrl, so it cannot be asked";
        }

        var last = "it has not answered";
        while (true)
        {
            try
            {
                using var request = Neighbours.Get(url, $"/api/v1/holds/{Uri.EscapeDataString(hold.Id)}", authorization);
                using var answer = await Neighbours.Http.SendAsync(request, stop);
                if (answer.IsSuccessStatusCode && JsonSerializer.Deserialize(await answer.Content.ReadAsStreamAsync(stop), ApiJson.Default.HoldAnswer) is { } there)
                {
                    if ((there.ReleasedBy is not null) == (hold.Release is not null))
                    {
                        return null;
                    }
                }

                last = answer.IsSuccessStatusCode || (int)answer.StatusCode == StatusCodes.Status404NotFound ? "it does not know of it yet" : $"it answers {(int)answer.StatusCode}";
                await Task.Delay(Pause, service.Time, stop);
            }
            catch (Exception away) when (away is HttpRequestException or IOException or JsonException or UriFormatException)
            {
                return $"instance {member.InstanceId} cannot be heard: {FailureText.Of(away)}";
            }
            catch (OperationCanceledException)
            {
                return $"instance {member.InstanceId}: {last}";
            }
        }
    }
}
