using StreamSettle.Audit.Notaries;
using StreamSettle.Audit.Notaries.TimeStamps;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;
using StreamSettle.Tests.Notaries;
using Xunit;

namespace StreamSettle.Audit.Tests.Notarising;

/// <summary>Time stamps of OpenSSL's own authority.</summary>
public sealed class TimeStampNotaryTests
{
    static readonly CancellationToken Never = CancellationToken.None;
    static readonly TreeHash Digest = TreeHash.Leaf([1]);

    /// <summary>A stamp is a process of OpenSSL: on a busy machine it takes longer than any authority should.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_stamp_is_believed_by_us_and_by_openssl_and_by_nobody_for_another_digest()
    {
        await using var authority = await OpenSslAuthority.StartAsync();
        using var roots = TrustRoots.Read(authority.Root, "the test's root");
        using var notary = Notary(authority, roots);

        var given = Assert.IsType<NotaryMove.Step>(await notary.NextAsync(Digest, [], Never));

        Assert.Equal(NotaryStepKind.Notarised, given.Kind);
        var (code, said) = await authority.VerifyAsync(Convert.FromBase64String(given.Evidence), Digest.ToString());
        Assert.True(code == 0, said);
        var check = new EvidenceCheck(roots, null);
        Assert.Equal("Test time stamps", Assert.IsType<EvidenceVerdict.Sound>(await check.CheckAsync(notary.Name, Digest, given.Evidence, Never)).By);
        Assert.Contains("is of another digest", await BrokenAsync(check, TreeHash.Leaf([2]), given.Evidence), StringComparison.Ordinal);
        Assert.Contains("no token", await BrokenAsync(check, Digest, "AAAA"), StringComparison.Ordinal);
        var altered = Convert.FromBase64String(given.Evidence);
        altered[^3] ^= 1;
        Assert.Contains("signature", await BrokenAsync(check, Digest, Convert.ToBase64String(altered)), StringComparison.Ordinal);

        // Without trusted roots its signature says nothing, and with others it is not trusted.
        Assert.Contains("--trust-roots", Assert.IsType<EvidenceVerdict.NotChecked>(await new EvidenceCheck(null, null).CheckAsync(notary.Name, Digest, given.Evidence, Never)).Remedy, StringComparison.Ordinal);
        await using var other = await OpenSslAuthority.StartAsync();
        using var others = TrustRoots.Read(other.Root, "another root");
        Assert.Contains("is not trusted", await BrokenAsync(new(others, null), Digest, given.Evidence), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_to_be_believed_is_named()
    {
        await using var authority = await OpenSslAuthority.StartAsync();
        await using var other = await OpenSslAuthority.StartAsync();
        using var roots = TrustRoots.Read(authority.Root, "the test's root");
        using var others = TrustRoots.Read(other.Root, "another root");
        byte[]? first = null;

        Assert.Contains("is not trusted by the configured roots", await RefusedAsync(authority, others), StringComparison.Ordinal);
        Assert.Contains("rejection (unacceptedPolicy): Requested policy is not supported", await RefusedAsync(authority, roots, OpenSslAuthority.OtherPolicy), StringComparison.Ordinal);
        Assert.Contains("no TimeStampResp", await RefusedAsync(authority, roots, fault: (_, _) => (200, "hello"u8.ToArray())), StringComparison.Ordinal);
        Assert.Contains("no TimeStampResp", await RefusedAsync(authority, roots, fault: (_, answer) => (200, answer[..^10])), StringComparison.Ordinal);
        Assert.Contains("answers with 503", await RefusedAsync(authority, roots, fault: (_, answer) => (503, answer)), StringComparison.Ordinal);
        Assert.Contains("answers with 302", await RefusedAsync(authority, roots, fault: (_, answer) => (302, answer)), StringComparison.Ordinal);

        // An answer to an earlier question of the same digest, and one that kept the nonce but not the digest.
        authority.Faults = (_, answer) => (200, first ??= answer);
        using var notary = Notary(authority, roots);
        await notary.NextAsync(Digest, [], Never);
        Assert.Contains("the nonce is not the one", (await Assert.ThrowsAsync<UserMistakeException>(() => notary.NextAsync(Digest, [], Never))).Message, StringComparison.Ordinal);
        authority.Faults = (query, _) => (200, authority.ReplyAsync(Swap(query)).GetAwaiter().GetResult());
        Assert.Contains("of another digest", (await Assert.ThrowsAsync<UserMistakeException>(() => notary.NextAsync(Digest, [], Never))).Message, StringComparison.Ordinal);

        await authority.GoAwayAsync();
        Assert.Contains("is not reached", (await Assert.ThrowsAsync<EnvironmentFailedException>(() => notary.NextAsync(Digest, [], Never))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<EnvironmentFailedException>(() => notary.LookAsync(Never));
        authority.ComeBack();
    }

    [Fact]
    public async Task A_look_stamps_nothing_and_a_policy_that_is_asked_for_is_the_one_that_is_stamped_under()
    {
        await using var authority = await OpenSslAuthority.StartAsync();
        using var roots = TrustRoots.Read(authority.Root, "the test's root");
        using var notary = Notary(authority, roots, OpenSslAuthority.Policy);

        Assert.StartsWith("reached at http://127.0.0.1", await notary.LookAsync(Never), StringComparison.Ordinal);
        Assert.Equal(0, authority.Asked);
        Assert.IsType<NotaryMove.Step>(await notary.NextAsync(Digest, [], Never));
    }

    static TimeStampNotary Notary(OpenSslAuthority authority, TrustRoots roots, string? policy = null) => new(new() { Url = authority.Url, Roots = roots, Policy = policy, Timeout = Patience }, Guid.NewGuid);

    /// <summary>The same question about another digest.</summary>
    static byte[] Swap(byte[] query)
    {
        var at = query.AsSpan().IndexOf(Convert.FromHexString(Digest.ToString()));
        byte[] swapped = [.. query];
        swapped[at] ^= 1;
        return swapped;
    }

    static async Task<string> RefusedAsync(OpenSslAuthority authority, TrustRoots roots, string? policy = null, Func<byte[], byte[], (int, byte[])>? fault = null)
    {
        authority.Faults = fault;
        using var notary = Notary(authority, roots, policy);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => notary.NextAsync(Digest, [], Never));
        Assert.True(refused is UserMistakeException or EnvironmentFailedException, refused.ToString());
        return refused.Message;
    }

    static async Task<string> BrokenAsync(EvidenceCheck check, TreeHash digest, string evidence) =>
        Assert.IsType<EvidenceVerdict.Broken>(await check.CheckAsync(NotaryNames.TimeStamp, digest, evidence, Never)).Problem;
}
