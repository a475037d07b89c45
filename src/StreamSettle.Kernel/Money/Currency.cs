using System.Text;

namespace StreamSettle.Kernel.Money;

/// <summary>An ISO 4217 alphabetic code that has minor units. <c>default</c> is no currency.</summary>
/// <remarks>Digits are our data (ISO 4217 list one), never culture data. Codes without digits (XXX, XAU, ...) are unknown.</remarks>
public readonly record struct Currency
{
    const string Table =
        "AED2 AFN2 ALL2 AMD2 AOA2 ARS2 AUD2 AWG2 AZN2 BAM2 BBD2 BDT2 BGN2 BHD3 BIF0 BMD2 BND2 BOB2 BOV2 BRL2 "
        + "BSD2 BTN2 BWP2 BYN2 BZD2 CAD2 CDF2 CHE2 CHF2 CHW2 CLF4 CLP0 CNY2 COP2 COU2 CRC2 CUP2 CVE2 CZK2 DJF0 "
        + "DKK2 DOP2 DZD2 EGP2 ERN2 ETB2 EUR2 FJD2 FKP2 GBP2 GEL2 GHS2 GIP2 GMD2 GNF0 GTQ2 GYD2 HKD2 HNL2 HTG2 "
        + "HUF2 IDR2 ILS2 INR2 IQD3 IRR2 ISK0 JMD2 JOD3 JPY0 KES2 KGS2 KHR2 KMF0 KPW2 KRW0 KWD3 KYD2 KZT2 LAK2 "
        + "LBP2 LKR2 LRD2 LSL2 LYD3 MAD2 MDL2 MGA2 MKD2 MMK2 MNT2 MOP2 MRU2 MUR2 MVR2 MWK2 MXN2 MXV2 MYR2 MZN2 "
        + "NAD2 NGN2 NIO2 NOK2 NPR2 NZD2 OMR3 PAB2 PEN2 PGK2 PHP2 PKR2 PLN2 PYG0 QAR2 RON2 RSD2 RUB2 RWF0 SAR2 "
        + "SBD2 SCR2 SDG2 SEK2 SGD2 SHP2 SLE2 SOS2 SRD2 SSP2 STN2 SVC2 SYP2 SZL2 THB2 TJS2 TMT2 TND3 TOP2 TRY2 "
        + "TTD2 TWD2 TZS2 UAH2 UGX0 USD2 USN2 UYI0 UYU2 UYW4 UZS2 VED2 VES2 VND0 VUV0 WST2 XAF0 XCD2 XCG2 XOF0 "
        + "XPF0 YER2 ZAR2 ZMW2 ZWG2 ";

    static readonly byte[] DigitsPlusOne = BuildTable();

    readonly ushort index;

    Currency(int index) => this.index = (ushort)(index + 1);

    public bool IsKnown => index != 0;

    /// <summary>Decimal digits of the minor unit: 0 for JPY, 3 for KWD, 4 for CLF, 2 for most.</summary>
    public int Digits => DigitsPlusOne[index - 1] - 1;

    /// <summary>A dense small number of the currency, for tables: 0 to <see cref="Count"/> - 1.</summary>
    public int Index => index - 1;

    /// <summary>Bound of <see cref="Index"/>.</summary>
    public const int Count = 26 * 26 * 26;

    /// <summary>All known currencies, by code.</summary>
    public static IEnumerable<Currency> All =>
        Enumerable.Range(0, Count).Where(i => DigitsPlusOne[i] != 0).Select(i => new Currency(i));

    /// <summary>Reads three capital letters; false where the code is not known.</summary>
    public static bool TryParse(ReadOnlySpan<byte> code, out Currency currency)
    {
        currency = default;
        if (code.Length != 3 || !IsLetter(code[0]) || !IsLetter(code[1]) || !IsLetter(code[2]))
        {
            return false;
        }

        var at = ((code[0] - 'A') * 26 + code[1] - 'A') * 26 + code[2] - 'A';
        if (DigitsPlusOne[at] == 0)
        {
            return false;
        }

        currency = new(at);
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out Currency)"/>
    public static bool TryParse(string code, out Currency currency)
    {
        currency = default;
        return code.Length == 3 && Ascii.IsValid(code) && TryParse(Encoding.ASCII.GetBytes(code), out currency);
    }

    /// <summary>Writes the three letters.</summary>
    public void Write(Span<byte> destination)
    {
        var at = index - 1;
        destination[0] = (byte)('A' + at / (26 * 26));
        destination[1] = (byte)('A' + at / 26 % 26);
        destination[2] = (byte)('A' + at % 26);
    }

    public override string ToString()
    {
        if (!IsKnown)
        {
            return "";
        }

        Span<byte> text = stackalloc byte[3];
        Write(text);
        return Encoding.ASCII.GetString(text);
    }

    static bool IsLetter(byte b) => b is >= (byte)'A' and <= (byte)'Z';

    static byte[] BuildTable()
    {
        var table = new byte[Count];
        for (var i = 0; i + 3 < Table.Length; i += 5)
        {
            table[((Table[i] - 'A') * 26 + Table[i + 1] - 'A') * 26 + Table[i + 2] - 'A'] = (byte)(Table[i + 3] - '0' + 1);
        }

        return table;
    }
}
