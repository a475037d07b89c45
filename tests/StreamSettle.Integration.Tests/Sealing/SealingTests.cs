using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Shop;
using Xunit;

namespace StreamSettle.Integration.Tests.Sealing;

/// <summary>The service seals, and an auditor verifies, by the commands.</summary>
public class SealingTests(TestPostgres postgres)
{
    static readonly TimeSpan SettledWithin = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_service_that_was_killed_left_a_log_that_is_sound_and_what_is_done_to_it_then_is_named()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        var open = SealKeys.Use(world).Open;
        await using (var service = world.Run())
        {
            await service.ReadyAsync();
            await world.SellAsync(world.Shop(20) with { Fates = FateShares.None });
            await Settled.OrdersAsync(world, service, 20, SettledWithin);
            await Until.TrueAsync(async () => await service.StatusAsync() is { Audit: { Events: > 0, Seals: { State: "ok", Number: > 0, NotSealed: 0 } } }, "all is sealed");
            Assert.Contains("streamsettle_audit_sealed", (await service.AskAsync("/metrics")).Text, StringComparison.Ordinal);
            Assert.Contains(service.Log, line => line.Id == 9050);
            service.Kill();
            await service.ExitAsync();
        }

        Assert.Contains("ok    seals: by key '2026'", (await world.CommandAsync("check")).Output, StringComparison.Ordinal);

        SealKeys.Forget(world);
        var sound = await world.CommandAsync("audit", "verify", "--key", $"2026={open}");
        Assert.True(sound.Code == 0, sound.Output + sound.Errors);
        Assert.StartsWith($"sound: {await world.QueryAsync<long>("select count(*) from settlement.mt_events")} events are as they were sealed", sound.Output, StringComparison.Ordinal);
        Assert.Contains("none: events are not sealed", (await world.CommandAsync("check")).Output, StringComparison.Ordinal);

        await world.ExecuteAsync("alter table settlement.mt_events disable trigger streamsettle_append_only");
        var unguarded = await world.CommandAsync("audit", "verify", "--key", $"2026={open}");
        Assert.True(unguarded.Code == 2 && unguarded.Output.Contains("unguarded: trigger streamsettle_append_only of", StringComparison.Ordinal), unguarded.Output);
        var told = await world.CommandAsync("check");
        Assert.True(told.Code == 1 && told.Output.Contains("fail  append-only: trigger streamsettle_append_only of", StringComparison.Ordinal), told.Output);
        await world.ExecuteAsync("alter table settlement.mt_events enable trigger streamsettle_append_only");

        await world.ExecuteAsync("set session_replication_role = replica; update settlement.mt_events set data = jsonb_set(data, '{Net}', '1') where seq_id = (select min(seq_id) from settlement.mt_events where type = 'settlement_calculated')");
        var altered = await world.QueryAsync<string>("select 'event ' || seq_id || ' ' || 'order ' || stream_id from settlement.mt_events where type = 'settlement_calculated' order by seq_id limit 1");
        var broken = await world.CommandAsync("audit", "verify", "--key", $"2026={open}");
        Assert.Equal(2, broken.Code);
        Assert.Contains(altered.Split(" order")[0], broken.Output, StringComparison.Ordinal);
        Assert.Contains($"order{altered.Split(" order")[1]}", broken.Output, StringComparison.Ordinal);

        // Under the name of the key another one is refused, by another name it is none of those that sealed, and without any nothing can be said.
        world.Settings["Audit:Seal:PublicKeys:2026"] = SealKeys.Make(world).Open;
        Assert.Contains("its signature is not that key's", (await world.CommandAsync("audit", "verify")).Output, StringComparison.Ordinal);
        world.Settings.Remove("Audit:Seal:PublicKeys:2026");
        Assert.Contains("which is not among the known ones (2027)", (await world.CommandAsync("audit", "verify", "--key", $"2027={open}")).Output, StringComparison.Ordinal);
        var without = await world.CommandAsync("audit", "verify");
        Assert.True(without.Code == 1 && without.Errors.Contains("--key NAME=FILE", StringComparison.Ordinal), without.Errors);
    }

    [Theory]
    [InlineData("Audit:Seal:KeyFile", "/no/such.pem", "Audit:Seal:KeyFile: '/no/such.pem' cannot be read")]
    [InlineData("Audit:Seal:Key", "hunter2", "Audit:Seal:Key: The seal key cannot be read")]
    [InlineData("Audit:Seal:Interval", "00:00:05", "Audit:Seal has settings, but no key")]
    [InlineData("Audit:Seal:PublicKeys:a", "/no/such.pem", "Audit:Seal:PublicKeys:a: '/no/such.pem' cannot be read")]
    public async Task A_key_that_cannot_be_used_is_refused_by_its_setting(string key, string value, string message)
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        world.Settings[key] = value;

        var refused = await world.CommandAsync("check");

        Assert.Equal(1, refused.Code);
        Assert.Contains(message, refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.Errors + refused.Output, StringComparison.Ordinal);
    }
}
