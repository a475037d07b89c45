using System.Text.Json.Nodes;
using StreamSettle.Audit.Marten.Verifying;
using StreamSettle.Audit.Proofs;
using StreamSettle.Audit.Tests.Postgres;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using Xunit;

namespace StreamSettle.Audit.Tests.Sealing;

/// <summary>Proofs that are made from the event log and checked without it, by the product and by the script of docs/.</summary>
public sealed class OrderProofTests(PostgresFixture postgres)
{
    static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task An_orders_events_are_proven_wherever_they_are_in_the_tree()
    {
        await using var log = await SealedLog.CreateAsync(postgres);

        // Values that the sample has not: text beyond ASCII, all that may be null, fractions of a second.
        await log.AppendAsync(5);
        log.Tamper("""
            update settlement.mt_events set data = '{"b": "ü😀\u0001\"\\", "a": [1.50, 1e3, null]}', bdata = '\x00ff', timestamp = '1999-12-31T23:59:59.000001Z' where seq_id = 1;
            update settlement.mt_events set tenant_id = null, mt_dotnet_type = null, is_archived = null, timestamp = '2026-11-29T05:00:00Z' where seq_id = 2
            """);
        await log.SealAsync(295, 1, 299, 40);
        await log.AppendAsync(10);
        await using var proofs = new OrderProofs(log.Options);
        var places = new HashSet<long>();
        for (var order = 0; order < 5; order++)
        {
            var (file, notSealed) = await proofs.OfOrderAsync(new(order), Never);

            Assert.Equal(2, notSealed);
            Assert.Null(ProofCheck.Problem(ProofFile.Read(file.ToString(), "it"), [log.Key]));
            Assert.All(file.Events!, one => Assert.True(places.Add(one.Place)));
            var (code, said) = await OfflineScript.CheckAsync(file.ToString(), log.Key);
            Assert.True(code == 0 && said.StartsWith($"sound: {file.Events!.Count} events of order {order} are as they were sealed, by seal 4 of", StringComparison.Ordinal), said);
        }

        Assert.Equal(640, places.Count);
        Assert.InRange(OfflineScript.Lines, 50, 100);
    }

    /// <summary>Whatever is changed in a file is found, by both.</summary>
    [Fact]
    public async Task A_proof_that_was_altered_does_not_hold()
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        await log.SealAsync(300, 7);
        await using var proofs = new OrderProofs(log.Options);
        var text = (await proofs.OfOrderAsync(new(3), Never)).File.ToString();
        using var impostor = SealedLog.NewKey("2026-a");
        (string What, Action<JsonNode> Alter)[] alterations =
        [
            ("data", file => Row(file)["data"] = Row(file)["data"]!.GetValue<string>().Replace("due", "duf", StringComparison.Ordinal).Replace(": ", ":  ", StringComparison.Ordinal)),
            ("type", file => Row(file)["type"] = "settlement_held"),
            ("timestamp", file => Row(file)["timestamp"] = "2026-11-29T05:00:00.000000Z"),
            ("seq_id", file => Row(file)["seq_id"] = 7),
            ("id", file => Row(file)["id"] = Guid.Empty.ToString()),
            ("tenant_id", file => Row(file)["tenant_id"] = null),
            ("is_archived", file => Row(file)["is_archived"] = true),
            ("place", file => file["events"]![4]!["place"] = 9),
            ("a place beyond the tree", file => file["events"]![4]!["place"] = 5000),
            ("a shorter path", file => file["events"]![4]!["path"]!.AsArray().RemoveAt(2)),
            ("a longer path", file => file["events"]![4]!["path"]!.AsArray().Add(new string('a', 64))),
            ("one left out", file => file["events"]!.AsArray().RemoveAt(4)),
            ("none", file => file["events"] = new JsonArray()),
            ("another order", file => file["order"] = "4"),
            ("the seal's time", file => file["seal"] = file["seal"]!.GetValue<string>().Replace("sealed-at 2", "sealed-at 3", StringComparison.Ordinal)),
        ];
        foreach (var (what, alter) in alterations)
        {
            var file = JsonNode.Parse(text)!;
            alter(file);
            Assert.True(ProofCheck.Problem(ProofFile.Read(file.ToJsonString(), "it"), [log.Key]) is not null, what);
            var (code, said) = await OfflineScript.CheckAsync(file.ToJsonString(), log.Key);
            Assert.True(code == 2 && said.StartsWith("broken: ", StringComparison.Ordinal), $"{what}: {code} {said}");
        }

        Assert.Contains("not that key's", ProofCheck.Problem(ProofFile.Read(text, "it"), [impostor]), StringComparison.Ordinal);
        Assert.Equal(2, (await OfflineScript.CheckAsync(text, impostor)).Code);
        using var other = SealedLog.NewKey("other");
        Assert.Contains("not among the known ones", ProofCheck.Problem(ProofFile.Read(text, "it"), [other]), StringComparison.Ordinal);
        Assert.Equal(1, (await OfflineScript.CheckAsync(text, other)).Code);
        Assert.Equal(1, (await OfflineScript.CheckAsync("{}", other)).Code);
        Assert.Throws<UserMistakeException>(() => ProofFile.Read("{}", "it"));
        Assert.Throws<UserMistakeException>(() => ProofFile.Read("no json", "it"));
    }

    [Fact]
    public async Task A_seal_is_shown_to_be_the_beginning_of_the_newest_one_and_one_of_another_log_is_not()
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        List<SignedSeal> exported = [];
        foreach (var count in (int[])[1, 255, 1, 255, 100, 300])
        {
            await log.SealAsync(count);
            exported.Add(await log.ExportAsync());
        }

        await using var proofs = new OrderProofs(log.Options);
        foreach (var older in exported)
        {
            var text = (await proofs.OfSealsAsync(older, Never)).ToString();
            Assert.Null(ProofCheck.Problem(ProofFile.Read(text, "it"), [log.Key]));
            var (code, said) = await OfflineScript.CheckAsync(text, log.Key);
            Assert.True(code == 0, said);
        }

        // As somebody who has the key would have sealed other events.
        var forged = exported[2].Seal with { Head = TreeHash.Leaf("x"u8) };
        var file = (await proofs.OfSealsAsync(new(forged, log.Key.Sign(forged)), Never)).ToString();
        Assert.Contains("some were altered", ProofCheck.Problem(ProofFile.Read(file, "it"), [log.Key]), StringComparison.Ordinal);
        Assert.Equal(2, (await OfflineScript.CheckAsync(file, log.Key)).Code);
    }

    [Fact]
    public async Task What_cannot_be_proven_is_told()
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        await log.AppendAsync(10);
        await using var proofs = new OrderProofs(log.Options);
        Assert.Contains("has no seals", (await Assert.ThrowsAsync<UserMistakeException>(() => proofs.OfOrderAsync(new(1), Never))).Message, StringComparison.Ordinal);

        await log.SealAsync(3);
        Assert.Contains("no events of order 77", (await Assert.ThrowsAsync<UserMistakeException>(() => proofs.OfOrderAsync(new(77), Never))).Message, StringComparison.Ordinal);

        log.Tamper("update settlement.mt_events set data = '{}' where seq_id = 4");
        Assert.Contains("event 4 (order 3, version 1) is not at place 3", (await Assert.ThrowsAsync<CorruptStateException>(() => proofs.OfOrderAsync(new(3), Never))).Message, StringComparison.Ordinal);
        Assert.Null(ProofCheck.Problem((await proofs.OfOrderAsync(new OrderId(2), Never)).File, [log.Key]));
    }

    static JsonNode Row(JsonNode file) => file["events"]![4]!["row"]!;
}
