using System.Globalization;
using System.Text;
using CsCheck;
using StreamSettle.Kernel.Money;
using Xunit;

namespace StreamSettle.Kernel.Tests;

public class MoneyTests
{
    [Theory]
    [InlineData("JPY", 0)]
    [InlineData("EUR", 2)]
    [InlineData("KWD", 3)]
    [InlineData("CLF", 4)]
    public void A_currency_has_the_digits_of_iso_4217(string code, int digits)
    {
        Assert.True(Currency.TryParse(code, out var currency));
        Assert.Equal((digits, code), (currency.Digits, currency.ToString()));
    }

    [Theory]
    [InlineData("XXX")]
    [InlineData("XAU")]
    [InlineData("eur")]
    [InlineData("EU")]
    [InlineData("")]
    public void A_code_without_minor_units_is_unknown(string code) => Assert.False(Currency.TryParse(code, out _));

    [Theory]
    [InlineData("12.3400", 2, 1234)]
    [InlineData("-0.01", 2, -1)]
    [InlineData("120", 3, 120000)]
    [InlineData("92233720368547758.07", 2, long.MaxValue)]
    [InlineData("0.000000", 0, 0)]
    public void A_decimal_is_whole_minor_units(string text, int digits, long minor)
    {
        Assert.True(DecimalAmount.TryParse(Encoding.ASCII.GetBytes(text), out var amount));
        Assert.True(amount.TryToMinor(digits, out var value));
        Assert.Equal(minor, value);
    }

    [Theory]
    [InlineData("0.001", 2)]
    [InlineData("92233720368547758.08", 2)]
    [InlineData("NaN", 2)]
    [InlineData("1000000000000000000000000000000000000000", 0)]
    public void What_is_not_whole_minor_units_of_63_bits_is_never_rounded(string text, int digits)
    {
        Assert.True(DecimalAmount.TryParse(Encoding.ASCII.GetBytes(text), out var amount));
        Assert.False(amount.TryToMinor(digits, out _));
    }

    [Theory]
    [InlineData("1,5")]
    [InlineData("1e3")]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1.2.3")]
    public void What_is_no_decimal_is_refused(string text) => Assert.False(DecimalAmount.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Text_and_decimal_are_the_same_thing() => Gen.Select(Gen.Long, Gen.Int[0, 12]).Sample((unscaled, scale) =>
    {
        var text = new DecimalAmount(unscaled, (byte)scale).ToString();
        return DecimalAmount.TryParse(Encoding.ASCII.GetBytes(text), out var read) && read == new DecimalAmount(unscaled, (byte)scale)
            && (scale > 0 || text == unscaled.ToString(CultureInfo.InvariantCulture));
    });
}
