using StreamSettle.Kernel.Calls;
using StreamSettle.Settlement.Results;

namespace StreamSettle.Settlement.Tests.Calculation;

/// <summary>A party's text is all that the event log has of it.</summary>
public sealed class PartyTests
{
    [Theory]
    [InlineData("tax:DE", Leg.Tax)]
    [InlineData("tax:", Leg.Tax)]
    [InlineData("tax:a:b", Leg.Tax)]
    [InlineData("tax:7", Leg.Tax)]
    [InlineData("carrier:7", Leg.Split)]
    [InlineData("carrier:-7", Leg.Split)]
    [InlineData("platform", Leg.Split)]
    [InlineData("merchant:437", Leg.Split)]
    [InlineData("promoter:9001", Leg.Commission)]
    public void A_text_names_its_party_and_leg(string text, Leg leg)
    {
        Assert.True(Party.TryParse(text, leg == Leg.Commission ? 3 : 0, out var party));
        Assert.Equal((text, leg, leg == Leg.Commission ? 3 : 0), (party.ToString(), party.Leg, party.Level));
    }

    [Theory]
    [InlineData("")]
    [InlineData("tax")]
    [InlineData("platform:7")]
    [InlineData("merchant:")]
    [InlineData("promoter:x")]
    [InlineData("seller:7")]
    public void Another_text_is_no_party(string text) => Assert.False(Party.TryParse(text, 0, out _));
}
