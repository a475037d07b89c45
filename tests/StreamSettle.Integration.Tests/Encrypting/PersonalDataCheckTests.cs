using StreamSettle.App.Checks;
using StreamSettle.Audit.Encryption;
using StreamSettle.Audit.Marten.Keys;
using StreamSettle.Kernel.Failures;
using Xunit;

namespace StreamSettle.Integration.Tests.Encrypting;

/// <summary>Which master keys a start goes on with, by what the event log has.</summary>
public class PersonalDataCheckTests
{
    const string Closed = "master key '2025' is not given: Audit:Encryption:MasterKeys:2025";

    static readonly MasterKey Key = MasterKey.Read("2026", Convert.ToBase64String(new byte[MasterKey.Bytes]));
    static readonly KeyRing Current = new([Key], "2026");
    static readonly KeyRing Reading = new([Key]);
    static readonly KeyRing Off = new([], isOff: true);

    [Fact]
    public void Nothing_configured_and_nothing_encrypted_is_fine_and_said() =>
        Assert.Equal("not encrypted, as Audit:Encryption:Current is not set", PersonalDataCheck.Judge(Look(), KeyRing.None));

    [Fact]
    public void What_was_encrypted_goes_on_so_or_is_turned_off_on_purpose()
    {
        Assert.Contains("was encrypted so far", Refusal(Look(new MasterKeyUse("2026", 3, null)), Reading), StringComparison.Ordinal);
        Assert.Contains("was encrypted so far", Refusal(Look() with { Shredded = 1 }, KeyRing.None), StringComparison.Ordinal);
        Assert.Equal($"not encrypted, as Audit:Encryption:Current is off; 3 merchants' keys: {Closed}", PersonalDataCheck.Judge(Look(new MasterKeyUse("2025", 3, Closed)), Off));
        Assert.Equal("encrypted, new keys are wrapped by master key '2026'; 5 merchants' keys, 2 of them by '2025', 0 shredded", PersonalDataCheck.Judge(Look(new("2025", 2, null), new("2026", 3, null)), Current));
    }

    [Fact]
    public void Keys_that_are_given_and_not_used_are_a_mistake() => Assert.Contains("nothing would be encrypted", Refusal(Look(), Reading), StringComparison.Ordinal);

    [Fact]
    public void A_key_that_is_missing_is_named_with_what_to_do()
    {
        var refusal = Refusal(Look(new MasterKeyUse("2025", 3, Closed)), Current);

        Assert.StartsWith($"3 merchants' keys: {Closed}. Give that key beside the current one until audit keys rotate", refusal, StringComparison.Ordinal);
    }

    static string Refusal(KeysLook look, KeyRing ring) => Assert.Throws<UserMistakeException>(() => PersonalDataCheck.Judge(look, ring)).Message;

    static KeysLook Look(params MasterKeyUse[] uses) => new(uses, 0, [], []);
}
