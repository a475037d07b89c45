using System.Text;
using StreamSettle.Kernel.Money;

namespace StreamSettle.Settlement.Tests;

static class Amounts
{
    public static DecimalAmount Of(string text) =>
        DecimalAmount.TryParse(Encoding.UTF8.GetBytes(text), out var amount) ? amount : throw new FormatException(text);
}
