using System.Text.RegularExpressions;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Shop;
using StreamSettle.Tests.Notaries;
using Xunit;

namespace StreamSettle.Integration.Tests.Notarising;

/// <summary>The service has its seals and splits testified to by a real chain and a real time-stamp authority, and an auditor checks it by the commands.</summary>
public sealed partial class NotarisingTests(TestPostgres postgres)
{
    const int Orders = 5;

    static readonly TimeSpan SettledWithin = TimeSpan.FromMinutes(2);
    static readonly string Page = Path.Combine(Repository.Root, "docs", "auditors.md");

    [Fact]
    public async Task A_service_that_was_killed_is_notarised_by_the_next_and_what_is_done_to_it_then_is_named()
    {
        await using var authority = await OpenSslAuthority.StartAsync();
        await using var node = await EthereumDevNode.StartAsync();
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        var open = SealKeys.Use(world).Open;
        Use(world, authority, node);
        await authority.GoAwayAsync();
        await using (var service = world.Run())
        {
            await service.ReadyAsync();
            await world.SellAsync(world.Shop(Orders) with { Fates = FateShares.None });
            await Settled.OrdersAsync(world, service, Orders, SettledWithin);
            await Until.TrueAsync(async () => await service.StatusAsync() is { Audit: { Events: > 0, Seals.NotSealed: 0 } audit } && audit.Notaries.Any(one => one is { Name: "rfc3161", State: "failing", Open: > 5 }), "the authority is missed");
            Assert.Contains(service.Log, line => line.Id == 9067);
            await Until.TrueAsync(() => service.Log.Any(line => line.Id == 9068), "it is told");
            service.Kill();
            await service.ExitAsync();
        }

        Assert.Matches("rfc3161 +waiting", (await world.CommandAsync("audit", "notarisations", "--open")).Output);
        authority.ComeBack();
        var asked = authority.Asked;
        var check = (await world.CommandAsync("check")).Output;
        Assert.Contains("ok    notary ethereum: chain 31337", check, StringComparison.Ordinal);
        Assert.Contains("ok    notary rfc3161: reached at", check, StringComparison.Ordinal);
        Assert.Equal(asked, authority.Asked);
        world.Settings["Audit:Notary:Ethereum:ChainId"] = "1";
        var elsewhere = await world.CommandAsync("check");
        Assert.True(elsewhere.Code == 1 && (elsewhere.Output + elsewhere.Errors).Contains("is on chain 31337", StringComparison.Ordinal), elsewhere.Output + elsewhere.Errors);
        Use(world, authority, node);
        await using (var service = world.Run())
        {
            await Until.TrueAsync(async () => await service.StatusAsync() is { Audit.Notaries: { Count: 2 } notaries } && notaries.All(one => one is { Open: 0, LastAt: not null }), "all is notarised");
            Assert.Contains("streamsettle_audit_notarised", (await service.AskAsync("/metrics")).Text, StringComparison.Ordinal);
            service.Terminate();
            Assert.Equal(0, await service.ExitAsync());
        }

        var digests = await world.QueryAsync<string[]>("select array_agg('0x' || encode(sha256(convert_to(statement, 'UTF8')), 'hex') order by number) from settlement.streamsettle_notarisations");
        Assert.Equal(digests, await node.InputsAsync());
        await CheckAsync(world, authority, node, open);
    }

    static async Task CheckAsync(World world, OpenSslAuthority authority, EthereumDevNode node, string open)
    {
        Forget(world);
        string[] key = ["--key", $"2026={open}"], trust = ["--trust-roots", authority.RootFile, "--node", node.Url.ToString()];
        var proof = Path.Combine(world.Folder, "order-1.json");
        var said = "";
        foreach (var command in (string[][])[["verify", .. key, .. trust], ["verify", .. key], ["export", "1", "--out", proof], ["check", proof, .. key, .. trust], ["check", proof, .. key], ["notarisations", "--most", "2"]])
        {
            var (code, output, errors) = await world.CommandAsync(["audit", .. command]);

            // Without roots and node nothing is broken, and not all is known.
            var isWhole = command[0] is not ("verify" or "check") || command.Contains("--node");
            Assert.True(code == (isWhole ? 0 : 1) && (isWhole || errors.Contains("not all", StringComparison.Ordinal)), $"{string.Join(' ', command)}\n{output}\n{errors}");
            said += $"{output}\n";
        }

        var shown = Shown();
        Assert.NotEmpty(shown);
        var lines = said.Split('\n').Select(Form).ToHashSet();
        Assert.All(shown, line => Assert.True(lines.Contains(Form(line)), $"docs/auditors.md shows\n{line}\nbut printed was\n{said}"));

        await world.ExecuteAsync("set session_replication_role = replica; update settlement.streamsettle_notary_steps set evidence = (select evidence from settlement.streamsettle_notary_steps where notary = 'rfc3161' and number = 2) where notary = 'rfc3161' and number = 1");
        Assert.Equal(0, (await world.CommandAsync(["audit", "verify", .. key, "--without-notaries"])).Code);
        var broken = await world.CommandAsync(["audit", "verify", .. key]);
        Assert.Equal(2, broken.Code);
        Assert.Contains("broken: notarisation 1 (seal", broken.Output, StringComparison.Ordinal);
        Assert.Contains("of another digest", broken.Output, StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(proof);
        await File.WriteAllTextAsync(proof, text.Replace("of seal ", "of seal 1", StringComparison.Ordinal));
        Assert.Equal(2, (await world.CommandAsync(["audit", "check", proof, .. key])).Code);
    }

    [Fact]
    public async Task Settings_that_cannot_be_used_are_refused_by_their_names()
    {
        await using var world = await World.CreateAsync(await postgres.NewDatabaseAsync(), TimeSpan.FromSeconds(1));
        await RefusedAsync(
            world,
            ("Interval", "00:00:05", "Audit:Notary has settings, but no notary"),
            ("SplitsAbove:EURO", "1", "Audit:Notary:SplitsAbove:EURO must name a currency"),
            ("SplitsAbove:EUR", "1.001", "Audit:Notary:SplitsAbove:EUR must be an amount of at most 2 decimals"),
            ("Ethereum:Account", "0x12", "Audit:Notary:Ethereum has settings, but no node"),
            ("Rfc3161:TrustRoots", "/no/such.pem", "Audit:Notary:Rfc3161:TrustRoots: '/no/such.pem' cannot be read"));
        await RefusedAsync(
            world,
            ("Ethereum:Url", "ftp://hunter2@node", "Audit:Notary:Ethereum:Url must be an http or https URL"),
            ("Rfc3161:Url", "http://tsa", "Audit:Notary:Rfc3161:TrustRoots is missing"),
            ("Rfc3161:Authorization", "hunter2", "Audit:Notary:Rfc3161:Authorization must give a scheme and its value"));
        await RefusedAsync(
            world,
            ("Ethereum:Url", "http://node", "Audit:Notary has notaries, but nothing that they could testify to"),
            ("Ethereum:Account", "0x12", "Audit:Notary:Ethereum:Account must be an address"),
            ("Ethereum:ChainId", "mainnet", "Audit:Notary:Ethereum:ChainId must be a whole number"),
            ("Ethereum:Confirmations", "0", "Audit:Notary:Ethereum:Confirmations must be from 1 to 10000"));
    }

    static async Task RefusedAsync(World world, params (string Key, string Value, string Message)[] settings)
    {
        foreach (var (key, value, _) in settings)
        {
            world.Settings[$"Audit:Notary:{key}"] = value;
        }

        var refused = await world.CommandAsync("check");
        Assert.Equal(1, refused.Code);
        Assert.All(settings, setting => Assert.Contains(setting.Message, refused.Errors, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", refused.Errors + refused.Output, StringComparison.Ordinal);
        Forget(world);
    }

    static void Use(World world, OpenSslAuthority authority, EthereumDevNode node)
    {
        world.Settings["Audit:Notary:Interval"] = "00:00:00";
        world.Settings["Audit:Notary:SplitsAbove:EUR"] = "0";
        world.Settings["Audit:Notary:SplitsAbove:USD"] = "0";
        world.Settings["Audit:Notary:Rfc3161:Url"] = authority.Url.ToString();
        world.Settings["Audit:Notary:Rfc3161:TrustRoots"] = authority.RootFile;
        world.Settings["Audit:Notary:Ethereum:Url"] = node.Url.ToString();
        world.Settings["Audit:Notary:Ethereum:Account"] = node.Accounts[0];
        world.Settings["Audit:Notary:Ethereum:ChainId"] = $"{EthereumDevNode.ChainId}";
        world.Settings["Audit:Notary:Ethereum:Confirmations"] = "1";
    }

    /// <summary>What verifies has no secret and no notary.</summary>
    static void Forget(World world)
    {
        SealKeys.Forget(world);
        foreach (var key in world.Settings.Keys.Where(key => key.StartsWith("Audit:Notary", StringComparison.Ordinal)).ToList())
        {
            world.Settings.Remove(key);
        }
    }

    /// <summary>What the page shows of notarised logs.</summary>
    static List<string> Shown()
    {
        var block = false;
        List<string> lines = [];
        foreach (var line in File.ReadLines(Page))
        {
            block = line.StartsWith("```", StringComparison.Ordinal) ? line == "```console notary" : block;
            if (block && !line.StartsWith("```", StringComparison.Ordinal) && !line.StartsWith("$ ", StringComparison.Ordinal))
            {
                lines.Add(line);
            }
        }

        return lines;
    }

    static string Form(string text) => Spaces().Replace(Numbers().Replace(Hashes().Replace(Times().Replace(text, "TIME"), "HASH"), "0"), " ").Replace("/tmp/0/", "", StringComparison.Ordinal).Trim();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[\d:.]+Z")]
    private static partial Regex Times();

    [GeneratedRegex("(0x)?[0-9a-f]{40,}")]
    private static partial Regex Hashes();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
