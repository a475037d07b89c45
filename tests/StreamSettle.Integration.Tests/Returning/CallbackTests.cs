using System.Net;
using System.Text;
using StreamSettle.App.Commands;
using StreamSettle.Delivery.Callbacks;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Downstreams.Effects;
using StreamSettle.Sandbox.Downstreams.Faults;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Returning;

/// <summary>Systems that undo what they did, and tell the service as it runs: who may, what becomes of it over a kill -9 and a lost state, and that every invariant holds.</summary>
public class CallbackTests(TestPostgres postgres)
{
    const string Secret = "whsec of the bank";
    const int Orders = 60;

    [Fact]
    public async Task Every_return_waits_for_a_person_once_and_its_replay_is_one_new_effect_over_a_kill_and_a_rebuild()
    {
        await using var world = await NewAsync(FaultPlan.None.With(Kernel.Calls.Leg.Split, new() { ReturnShare = 0.3, ReturnAfter = TimeSpan.FromMilliseconds(200), ErrorButDone = 0.1 }));
        SandboxCallbacks posts;
        await using (var first = world.Run())
        {
            await first.ReadyAsync();
            world.Settings["Urls"] = first.Url!.ToString();
            await RefuseAsync(first);
            posts = new(first.Url);
            world.Downstreams.SendCallbacksBy(posts.PostAsync, Secret);
            await world.SellAsync(world.Shop(Orders) with { Fates = FateShares.None, FirstOrderId = 1_000 });
            await Until.TrueAsync(() => world.Downstreams.CallbacksTold > 3, "some are told", seen: () => first.Tail);
            first.Kill();
            await first.ExitAsync();
        }

        await using (var second = world.Run())
        {
            await second.ReadyAsync();
            await Until.TrueAsync(async () => await SplitsAsync(world) == Orders && Undone(world) == await ToldAsync(world), "every return is told", seen: () => second.Tail);
            await ReplayAsync(second);
            await Until.TrueAsync(() => Anew(world) > 3, "some go anew", seen: () => second.Tail);
            second.Kill();
            await second.ExitAsync();
        }

        Directory.Delete(world.StateDirectory, recursive: true);
        world.HasLostState = true;

        // From here on nothing comes back but by our own hand.
        world.Downstreams.Apply(FaultPlan.None);
        await using var third = world.Start("run", "--rebuild");
        await third.ReadyAsync();
        Assert.True(world.Downstreams.Return("1000:verification:0", "fraud"));
        await Until.TrueAsync(async () => await WaitingAsync(third, "1000:verification:0"), "a return after the rebuild waits", seen: () => third.Tail);
        var told = (await world.CommandAsync("order", "1000")).Output;
        Assert.True(told.Contains(", returned", StringComparison.Ordinal) && told.Contains("returned: fraud", StringComparison.Ordinal), told);
        await ReplayAllAsync(world, third);
        Assert.Contains("streamsettle_callbacks_total", (await third.AskAsync("/metrics", key: ApiKeys.Operator)).Text, StringComparison.Ordinal);
        await world.SoundAsync();
        posts.Dispose();
    }

    static async Task ReplayAsync(ServiceProcess service)
    {
        using var http = new HttpClient { BaseAddress = service.Url, DefaultRequestHeaders = { Authorization = new("Bearer", ApiKeys.Operator) } };
        using var content = new StringContent("""{"action":"replay","filter":{"reason":"returned: "},"reason":"new account"}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/api/v1/dead-letters", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    /// <summary>Also what comes back once more, until all stands.</summary>
    static Task ReplayAllAsync(World world, ServiceProcess service) => Until.TrueAsync(
        async () =>
        {
            await ReplayAsync(service);
            return Undone(world) == await ToldAsync(world) && Anew(world) == Undone(world) && await ConfirmedAnewAsync(world) == Anew(world) && (await service.AskAsync("/api/v1/dead-letters", key: ApiKeys.Operator)).Text.Contains("\"items\":[]", StringComparison.Ordinal);
        },
        "every returned call stands again", seen: () => service.Tail);

    /// <summary>Who cannot sign is told so and nothing more, and what is no callback is named.</summary>
    static async Task RefuseAsync(ServiceProcess service)
    {
        const string body = """{"key":"7:split:0","state":"RETURNED","reason":"closed","at":"2026-11-01T00:00:00Z"}""";
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(service, "bank", body));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(service, "tax", body));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(service, "split", body, "another secret"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(service, "split", body, age: TimeSpan.FromMinutes(6)));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(service, "split", body, header: "t=1"));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(service, "split", body.Replace("RETURNED", "PAID", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(service, "split", body.Replace("split", "tax", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await SendAsync(service, "split", body + new string(' ', 20_000)));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(service, "Split", body));
        Assert.DoesNotContain(Secret, service.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("v1=", service.Output, StringComparison.Ordinal);
    }

    static async Task<HttpStatusCode> SendAsync(ServiceProcess service, string system, string body, string secret = Secret, TimeSpan age = default, string? header = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        using var http = new HttpClient { BaseAddress = service.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/callbacks/{system}") { Content = new ByteArrayContent(bytes) };
        request.Headers.TryAddWithoutValidation(CallbackSignature.Header, header ?? CallbackSignature.Sign(Encoding.UTF8.GetBytes(secret), bytes, UtcInstant.Now(TimeProvider.System) - age));
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    async Task<World> NewAsync(FaultPlan faults)
    {
        var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1), faults);
        ApiKeys.Use(world, isGiven: true);
        var file = Path.Combine(world.Folder, "bank.secrets");
        await File.WriteAllTextAsync(file, $"the one before\n{Secret}\n", TestContext.Current.CancellationToken);
        world.Settings["Downstreams:Split:CallbackSecretFile"] = file;
        world.Settings["Downstreams:Verification:CallbackSecret:0"] = "the one to come";
        world.Settings["Downstreams:Verification:CallbackSecret:1"] = Secret;
        return world;
    }

    static async Task<bool> WaitingAsync(ServiceProcess service, string key) => (await service.AskAsync($"/api/v1/dead-letters/{Uri.EscapeDataString(key)}", key: ApiKeys.Operator)).Status == HttpStatusCode.OK;

    static int Undone(World world) => world.Downstreams.Effects.Snapshot().Count(effect => effect.Outcome == EffectOutcome.Returned);

    static int Anew(World world) => world.Downstreams.Effects.Snapshot().Count(effect => effect.Outcome == EffectOutcome.Accepted && effect.Key.Contains(";r", StringComparison.Ordinal));

    static Task<long> ToldAsync(World world) => world.QueryAsync<long>("select count(*) from settlement.mt_events where type = 'delivery_returned'");

    static Task<long> ConfirmedAnewAsync(World world) => world.QueryAsync<long>("select count(*) from settlement.mt_events where type = 'delivery_confirmed' and data ->> 'Key' like '%;r%'");

    static Task<long> SplitsAsync(World world) => world.QueryAsync<long>("select count(*) from settlement.mt_events where type = 'delivery_confirmed' and data ->> 'Key' like '%:split:0'");
}
