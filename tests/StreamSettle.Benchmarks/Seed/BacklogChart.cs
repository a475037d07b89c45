using System.Globalization;
using System.Text;

namespace StreamSettle.Benchmarks.Seed;

/// <summary>The backlog over time as an SVG: two lines, their names beside them, axes with round numbers.</summary>
static class BacklogChart
{
    const int Width = 860;
    const int Height = 420;
    const int Left = 80;
    const int Top = 56;
    const int PlotWidth = 640;
    const int PlotHeight = 300;
    const int MostTicks = 8;
    const string Axis = "#888888";
    const string VerificationColour = "#b45f06";
    const string SplitColour = "#1155cc";

    /// <param name="samples">Ascending in time; at least one.</param>
    public static string Of(string title, IReadOnlyList<BacklogSample> samples)
    {
        var (seconds, orders) = (Math.Max(1, samples[^1].Seconds), Math.Max(1, samples.Max(sample => Math.Max(sample.Verifications, sample.Splits))));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="13">
            <title>{title}</title>
            <rect width="{Width}" height="{Height}" fill="#ffffff"/>
            <text x="{Left}" y="28" font-size="15">{title}</text>

            """);
        foreach (var tick in Ticks(orders))
        {
            var y = Y(tick, orders);
            svg.Append(CultureInfo.InvariantCulture, $"""
                <line x1="{Left}" y1="{y:F1}" x2="{Left + PlotWidth}" y2="{y:F1}" stroke="{Axis}" stroke-opacity="0.3"/><text x="{Left - 8}" y="{y + 4:F1}" text-anchor="end">{tick:N0}</text>

                """);
        }

        foreach (var tick in Ticks(seconds))
        {
            var x = X(tick, seconds);
            svg.Append(CultureInfo.InvariantCulture, $"""
                <line x1="{x:F1}" y1="{Top + PlotHeight}" x2="{x:F1}" y2="{Top + PlotHeight + 5}" stroke="{Axis}"/><text x="{x:F1}" y="{Top + PlotHeight + 20}" text-anchor="middle">{tick:N0}</text>

                """);
        }

        svg.Append(CultureInfo.InvariantCulture, $"""
            <line x1="{Left}" y1="{Top + PlotHeight}" x2="{Left + PlotWidth}" y2="{Top + PlotHeight}" stroke="{Axis}"/>
            <text x="{Left + PlotWidth / 2}" y="{Top + PlotHeight + 44}" text-anchor="middle">seconds since the orders fell due</text>

            """);
        Line(svg, "not verified", VerificationColour, [.. samples.Select(sample => (X(sample.Seconds, seconds), Y(sample.Verifications, orders)))], labelAt: Top + 14);
        Line(svg, "not split", SplitColour, [.. samples.Select(sample => (X(sample.Seconds, seconds), Y(sample.Splits, orders)))], labelAt: Top + 34);
        return svg.Append("</svg>\n").ToString();
    }

    static void Line(StringBuilder svg, string name, string colour, IReadOnlyList<(double X, double Y)> points, int labelAt) => svg.Append(CultureInfo.InvariantCulture, $"""
        <polyline fill="none" stroke="{colour}" stroke-width="2" points="{string.Join(' ', Thinned(points).Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:F1},{point.Y:F1}")))}"/>
        <line x1="{Left + PlotWidth + 14}" y1="{labelAt - 4}" x2="{Left + PlotWidth + 34}" y2="{labelAt - 4}" stroke="{colour}" stroke-width="2"/><text x="{Left + PlotWidth + 40}" y="{labelAt}">{name}</text>

        """);

    /// <summary>More points than the picture is wide show nothing.</summary>
    static IEnumerable<(double X, double Y)> Thinned(IReadOnlyList<(double X, double Y)> points)
    {
        var each = 1 + points.Count / PlotWidth;
        return points.Where((_, at) => at % each == 0 || at == points.Count - 1);
    }

    static double X(double seconds, double most) => Left + PlotWidth * seconds / most;

    static double Y(double orders, double most) => Top + PlotHeight * (1 - orders / most);

    /// <summary>0 and the round numbers up to <paramref name="most"/>, a few of them.</summary>
    static IEnumerable<double> Ticks(double most)
    {
        var rough = most / MostTicks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = new[] { 1.0, 2, 5, 10 }.Select(factor => factor * power).First(step => step >= rough);
        for (var tick = 0.0; tick <= most; tick += step)
        {
            yield return tick;
        }
    }
}
