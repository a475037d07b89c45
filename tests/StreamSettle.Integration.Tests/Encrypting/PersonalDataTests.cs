using System.Net;
using System.Security.Cryptography;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Encrypting;

/// <summary>
/// Personal data on the service as it runs: encrypted over a kill -9, refused without its keys, shredded on request, and the state rebuilt after it. All of it, the whole embedded road with seals and
/// views, by a role that can only append, and verified by one that can only read.
/// </summary>
public class PersonalDataTests(TestPostgres postgres)
{
    const int Orders = 8;

    [Fact]
    public async Task A_merchants_personal_data_goes_on_request_and_the_proofs_stay()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        Prepare(world);
        var open = SealKeys.Use(world).Open;
        var roles = await GrantedRoles.UseAsync(world);
        await HoldAndKillAsync(world);
        Assert.False(await world.QueryAsync<bool>("select exists (select from settlement.mt_events where data::text like '%Jane%')"));
        var (order, merchant) = (await world.QueryAsync<string>("select min(stream_id) from settlement.mt_events"), await world.QueryAsync<string>("select data ->> 'MerchantId' from settlement.mt_events order by stream_id limit 1"));
        Assert.Contains("Jane Doe complains", (await world.CommandAsync("order", order)).Output, StringComparison.Ordinal);
        await RefuseStartsAsync(world);
        await using (var service = world.Run())
        {
            await service.ReadyAsync();
            world.Settings["Urls"] = service.Url!.ToString();
            Assert.Equal(0, (await world.CommandAsync("holds", "release", "stop")).Code);
            await Until.TrueAsync(async () => await world.QueryAsync<long>("select count(*) from settlement.mt_events where type = 'settlement_completed'") == Orders, "all are settled", seen: () => service.Tail);
            await Until.TrueAsync(async () => await world.QueryAsync<long>("select count(*) from settlement.mt_doc_order_view where data ->> 'State' = 'completed'") == Orders, "the views have them", seen: () => service.Tail);
            await RefuseAsync(service);
            await ShredAsync(world, merchant);
            Assert.Contains("shredded", (await world.CommandAsync("order", order)).Output, StringComparison.Ordinal);
            Assert.Contains(service.Log, line => line.Id == 9056);
            Assert.Contains("streamsettle_audit_shreddings", (await service.AskAsync("/metrics", key: ApiKeys.Operator)).Text, StringComparison.Ordinal);
            Assert.Contains("\"personalData\":{\"state\":\"ok\",\"reason\":null,\"masterKey\":\"2026\"", (await service.AskAsync("/api/v1/status", key: ApiKeys.Operator)).Text, StringComparison.Ordinal);
            Assert.Contains(service.Log, line => line.Id == 9054);
            await Until.TrueAsync(async () => (await service.AskAsync("/api/v1/status", key: ApiKeys.Operator)).Text.Contains("\"notSealed\":0", StringComparison.Ordinal), "all is sealed", seen: () => service.Tail);
            service.Terminate();
            Assert.Equal(0, await service.ExitAsync());
        }

        world.Settings["Audit:ConnectionString"] = roles.Auditor;
        var sound = await world.CommandAsync("audit", "verify", "--key", $"2026={open}");
        Assert.True(sound.Code == 0, sound.Output + sound.Errors);
        world.Settings["Audit:ConnectionString"] = roles.Writer;
        Directory.Delete(world.StateDirectory, recursive: true);
        await using var rebuilt = world.Start("run", "--rebuild");
        await rebuilt.ReadyAsync();
        rebuilt.Terminate();
        Assert.Equal(0, await rebuilt.ExitAsync());
        await world.SoundAsync();
    }

    [Theory]
    [InlineData("Audit:Encryption:MasterKeys:a:KeyFile", "/no/such.key", "Audit:Encryption:MasterKeys:a:KeyFile: '/no/such.key' cannot be read")]
    [InlineData("Audit:Encryption:MasterKeys:a:Key", "hunter2", "Audit:Encryption:MasterKeys:a: The master key 'a' cannot be read: it must be 32 random bytes as Base64")]
    [InlineData("Audit:Encryption:MasterKeys:a", "hunter2", "Audit:Encryption:MasterKeys:a must not be a value")]
    [InlineData("Audit:Encryption:Current", "b", "Audit:Encryption:Current: There is no master key 'b' (there are none)")]
    public async Task A_key_that_cannot_be_used_is_refused_by_its_setting(string key, string value, string message)
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        world.Settings[key] = value;

        var refused = await world.CommandAsync("check");

        Assert.Equal(1, refused.Code);
        Assert.Contains(message, refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.Errors + refused.Output, StringComparison.Ordinal);
    }

    static void Prepare(World world)
    {
        ApiKeys.Use(world, isGiven: true);
        ApiKeys.UseEyes(world, "Auditor");
        world.Settings["Audit:Encryption:Current"] = "2026";
        world.Settings["Audit:Encryption:MasterKeys:2026:KeyFile"] = MasterKey(world, "2026");
        world.Settings["Audit:Projections:Run"] = "orders";
        world.Settings["Audit:Projections:Interval"] = "00:00:00.2";
    }

    static async Task HoldAndKillAsync(World world)
    {
        await using var service = world.Run();
        await service.ReadyAsync();
        world.Settings["Urls"] = service.Url!.ToString();
        Assert.Equal(0, (await world.CommandAsync("holds", "add", "everything", "--reason", "Jane Doe complains", "--request-id", "stop")).Code);
        await world.SellAsync(world.Shop(Orders) with { Fates = FateShares.None, FirstOrderId = 1_000 });
        await Until.TrueAsync(async () => await world.QueryAsync<long>("select count(*) from settlement.mt_events where type = 'settlement_held'") == Orders, "all are held", seen: () => service.Tail);
        service.Kill();
        await service.ExitAsync();
    }

    /// <summary>What was encrypted so far is never gone on with readably by mistake, nor by another key.</summary>
    static async Task RefuseStartsAsync(World world)
    {
        Assert.Contains("ok    personal data: encrypted, new keys are wrapped by master key '2026'", Flat((await world.CommandAsync("check")).Output), StringComparison.Ordinal);
        world.Settings.Remove("Audit:Encryption:Current");
        Assert.Contains("Personal data in the event log was encrypted so far, and Audit:Encryption:Current is not set", (await world.CommandAsync("run")).Errors, StringComparison.Ordinal);
        var file = world.Settings["Audit:Encryption:MasterKeys:2026:KeyFile"];
        world.Settings["Audit:Encryption:Current"] = "2026";
        world.Settings["Audit:Encryption:MasterKeys:2026:KeyFile"] = MasterKey(world, "other");
        Assert.Contains("master key '2026' is another than the one that wrapped", (await world.CommandAsync("run")).Errors, StringComparison.Ordinal);
        world.Settings["Audit:Encryption:MasterKeys:2026:KeyFile"] = file;
    }

    static async Task RefuseAsync(ServiceProcess service)
    {
        foreach (var path in (string[])["/api/v1/audit/shred", "/api/v1/audit/keys/rotate"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await service.AskAsync(path, HttpMethod.Post, ApiKeys.Eyes)).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await service.AskAsync(path, HttpMethod.Post)).Status);
        }
    }

    static async Task ShredAsync(World world, string merchant)
    {
        string[] shred = ["audit", "shred", "--merchant", merchant, "--reason", "erasure, ticket 17", "--request-id", "r-1"];
        var first = await world.CommandAsync(shred);
        Assert.True(first.Code == 0 && first.Output.Contains($"1 keys of merchant {merchant} (shredding 1 of", StringComparison.Ordinal), first.Output + first.Errors);
        Assert.Equal(first.Output, (await world.CommandAsync(shred)).Output);
        Assert.Contains("400: Request 'r-1' was another one", (await world.CommandAsync([.. shred[..5], "other", .. shred[6..]])).Errors, StringComparison.Ordinal);
        Assert.Contains("404: Merchant 99999999 has no key", (await world.CommandAsync("audit", "shred", "--merchant", "99999999", "--reason", "x")).Errors, StringComparison.Ordinal);
        Assert.Contains("whole number, or none, but is 'M'", (await world.CommandAsync("audit", "shred", "--merchant", "M", "--reason", "x")).Errors, StringComparison.Ordinal);
        Assert.Contains("rotated: 0 merchants' keys; master key '2026'", (await world.CommandAsync("audit", "keys", "rotate")).Output, StringComparison.Ordinal);
        var list = (await world.CommandAsync("audit", "keys", "list")).Output;
        Assert.True(list.Contains("opens them", StringComparison.Ordinal) && list.Contains("erasure, ticket 17", StringComparison.Ordinal), list);
    }

    static string MasterKey(World world, string name)
    {
        var file = Path.Combine(world.Folder, $"{name}.key");
        File.WriteAllText(file, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) + "\n");
        return file;
    }

    static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace("ok personal", "ok    personal", StringComparison.Ordinal);
}
