using StreamSettle.Kernel.Time;

namespace StreamSettle.Settlement.Tests;

static class Instants
{
    public static UtcInstant Of(string text) => UtcInstant.Parse(text);
}
