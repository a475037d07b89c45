using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Downstreams.Faults;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Reconciling;

/// <summary><c>reconcile</c> from outside, on a shop that was settled and then got a discrepancy of every class.</summary>
public class ReconcileTests(TestPostgres postgres)
{
    const int Orders = 40;

    static readonly TimeSpan SettledWithin = TimeSpan.FromMinutes(2);

    static readonly string[] Always = ["reconcile"];

    [Fact]
    public async Task Every_planted_discrepancy_is_found_and_nothing_else()
    {
        await using var world = await SettledAsync();
        var clean = await ReconcileAsync(world, code: 0);
        Assert.Equal((Orders, 0), (clean.GetProperty("orders").GetInt32(), clean.GetProperty("discrepancies").GetArrayLength()));
        Assert.True(clean.GetProperty("asked").GetInt32() >= 3 * Orders);

        await AwayAsync(world);

        var ids = await IdsAsync(world);
        await world.ExecuteAsync(
            $"""
            insert into orders select 900001, merchant_id, promoter_id, carrier_id, buyer_country, category, currency, gross_amount, shipping_amount, refunded_amount, status, export_refund, completed_at, invoice, note, updated_at from orders where order_id = {ids[0]};
            delete from orders where order_id = {ids[1]};
            update orders set gross_amount = gross_amount + 1 where order_id = {ids[2]};
            update orders set status = 'DISPUTED', carrier_id = 77 where order_id = {ids[3]};
            update orders set completed_at = '1999-12-31' where order_id = {ids[4]};
            """);
        await DoAsync(world, Leg.Verification, 900001);
        await WaitInVainAsync(world, ids[0]);

        string[] planted =
        [
            $"{ids[1]} extra order", $"{ids[2]} amount_differs gross_amount", $"{ids[3]} state_differs carrier_id", $"{ids[3]} state_differs status",
            $"{ids[4]} state_differs completed_at", "900001 extra 900001:verification:0", "900001 missing order", "900002 late mark",
        ];
        Assert.Equal(planted, Told(await ReconcileAsync(world, code: 2)));
        await ByShardsAsync(world, planted);
        await InOtherFormsAsync(world);
        await CutOffAsync(world, planted);

        // A system that has forgotten all, one that is away, and one that talks nonsense.
        await using var empty = await SandboxDownstreams.StartAsync(new(), TimeProvider.System, TestContext.Current.CancellationToken);
        world.Settings["Downstreams:Commission:BaseUrl"] = empty.BaseUrls[Leg.Commission].ToString();
        world.Settings["Downstreams:Tax:BaseUrl"] = "http://127.0.0.1:9";
        world.Downstreams.Apply(FaultPlan.None.With(Leg.Split, new() { Garbage = 1 }));
        var worse = await ReconcileAsync(world, code: 2);
        foreach (var (leg, kind) in new[] { ("commission", "missing"), ("tax", "unknown"), ("split", "unknown") })
        {
            var confirmed = await world.QueryAsync<long>($"select count(*) from settlement.mt_events where type = 'delivery_confirmed' and data ->> 'Leg' = '{leg}'");
            Assert.NotEqual(0, confirmed);

            Assert.Equal(confirmed, Told(worse).Count(one => one.Contains($" {kind} ", StringComparison.Ordinal) && one.EndsWith($":{leg}:0", StringComparison.Ordinal) && !one.StartsWith("900001", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task What_cannot_be_asked_is_no_success_and_mistakes_are_named()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        Assert.Contains("--shard", await MistakeAsync(world, "--shard", "4/4"), StringComparison.Ordinal);
        Assert.Contains("--no-source", await MistakeAsync(world, "--no-source", "--no-downstreams"), StringComparison.Ordinal);

        world.Settings["Downstreams:Tax:RateLimit"] = "1000";
        Assert.Contains("Reconcile:Share", await MistakeAsync(world), StringComparison.Ordinal);
        world.Settings["Reconcile:Share"] = "2";
        Assert.Contains("Reconcile:Share", await MistakeAsync(world), StringComparison.Ordinal);

        world.Settings["Reconcile:Share"] = "0.05";
        world.Settings["Source:ConnectionString"] = "Host=127.0.0.1;Port=9;Username=nobody";
        world.Settings["Audit:ConnectionString"] = world.ConnectionString;
        var away = await world.CommandAsync(Always);
        Assert.True(away.Code == 3, away.Output + away.Errors);
    }

    /// <summary>Where only systems are away it is no success, and no discrepancy.</summary>
    static async Task AwayAsync(World world)
    {
        var tax = world.Settings["Downstreams:Tax:BaseUrl"];
        world.Settings["Downstreams:Tax:BaseUrl"] = "http://127.0.0.1:9";
        var report = await ReconcileAsync(world, code: 3);
        Assert.NotEmpty(Told(report));
        Assert.All(Told(report), one => Assert.Contains(" unknown ", one, StringComparison.Ordinal));
        world.Settings["Downstreams:Tax:BaseUrl"] = tax;
    }

    /// <summary>What was cut off goes on and tells all in the end.</summary>
    static async Task CutOffAsync(World world, string[] planted)
    {
        // The second look takes long enough to be killed in.
        var progress = Path.Combine(world.Folder, "progress");
        world.Settings["Reconcile:SecondLook"] = "00:10:00";
        await using (var cut = world.Start([.. Always, "--resume", progress]))
        {
            await Until.TrueAsync(() => File.Exists(progress) && new FileInfo(progress).Length > 0, "it has begun", null, () => cut.Tail);
            cut.Kill();
            await cut.ExitAsync();
        }

        world.Settings["Reconcile:SecondLook"] = "00:00:00.5";
        var other = await world.CommandAsync([.. Always, "--resume", progress, "--shard", "0/2"]);
        Assert.True(other.Code == 1 && other.Errors.Contains("0/2", StringComparison.Ordinal), other.Errors);
        Assert.Equal(planted, Told(await ReconcileAsync(world, code: 2, "--resume", progress)));
        Assert.False(File.Exists(progress));
    }

    async Task<World> SettledAsync()
    {
        var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        world.Settings["Reconcile:SecondLook"] = "00:00:00.5";
        world.Settings["Reconcile:LateAfter"] = "00:00:01";
        await using var service = world.Run();
        await service.ReadyAsync();
        await world.SellAsync(world.Shop(Orders) with { Fates = FateShares.None });
        await Settled.OrdersAsync(world, service, Orders, SettledWithin);
        return world;
    }

    static async Task ByShardsAsync(World world, string[] planted)
    {
        List<string> told = [];
        for (var shard = 0; shard < 2; shard++)
        {
            told.AddRange(Told(await ReconcileAsync(world, code: null, "--shard", $"{shard}/2")));
        }

        Assert.Equal(planted, told.Order(StringComparer.Ordinal));
    }

    static async Task InOtherFormsAsync(World world)
    {
        var csv = await world.CommandAsync([.. Always, "--format", "csv"]);
        Assert.True(csv.Code == 2, csv.Errors);
        Assert.Contains("900001,", csv.Output, StringComparison.Ordinal);
        Assert.StartsWith("order_id,merchant_id,class,subject,source,event_log,downstream", csv.Output, StringComparison.Ordinal);

        var table = await world.CommandAsync([.. Always, "--no-downstreams"]);
        Assert.True(table.Code == 2, table.Errors);
        Assert.Contains("1 missing, 1 extra, 1 amount differs, 3 state differs", table.Output, StringComparison.Ordinal);
    }

    static async Task<JsonElement> ReconcileAsync(World world, int? code, params string[] more)
    {
        var done = await world.CommandAsync([.. Always, "--format", "json", .. more]);
        Assert.True(code is null ? done.Code is 0 or 2 : done.Code == code, $"{done.Code} {done.Output}{done.Errors}");
        return JsonDocument.Parse(done.Output).RootElement;
    }

    static string[] Told(JsonElement report) =>
    [
        .. report.GetProperty("discrepancies").EnumerateArray()
            .Select(one => $"{one.GetProperty("orderId")} {one.GetProperty("class")} {one.GetProperty("subject")}").Order(StringComparer.Ordinal),
    ];

    static async Task<string> MistakeAsync(World world, params string[] more)
    {
        var done = await world.CommandAsync([.. Always, .. more]);
        Assert.True(done.Code == 1, $"{done.Code} {done.Output}{done.Errors}");
        return done.Errors;
    }

    static async Task<long[]> IdsAsync(World world) => await world.QueryAsync<long[]>("select array(select order_id from orders order by order_id limit 5)");

    /// <summary>An order like another one that is scheduled, and whose mark has passed while nobody looked.</summary>
    static Task WaitInVainAsync(World world, long like) => world.ExecuteAsync(
        $"""
        insert into orders select 900002, merchant_id, promoter_id, carrier_id, buyer_country, category, currency, gross_amount, shipping_amount, refunded_amount, status, export_refund, completed_at, invoice, note, updated_at from orders where order_id = {like};
        insert into settlement.mt_streams (id, version) values ('900002', 1);
        insert into settlement.mt_events select nextval('settlement.mt_events_sequence'), gen_random_uuid(), '900002', 1, data, bdata, type, timestamp, tenant_id, mt_dotnet_type, is_archived from settlement.mt_events where stream_id = '{like}' and version = 1;
        """);

    /// <summary>Somebody else has called a system in our name.</summary>
    static async Task DoAsync(World world, Leg leg, long order)
    {
        using var http = new HttpClient();
        using var call = new HttpRequestMessage(HttpMethod.Post, new Uri(world.Downstreams.BaseUrls[leg], "verifications"))
        {
            Content = new StringContent(
                $$"""{"orderId":{{order}},"merchantId":1,"currency":"EUR","amount":1,"kind":"SETTLEMENT","ruleVersion":"1","completedAt":"2026-11-01T00:00:00Z","dueAt":"2026-11-02T00:00:00Z"}""",
                Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        call.Headers.Add("Idempotency-Key", $"{order}:{leg.Name()}:0");
        using var answer = await http.SendAsync(call, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
