using System.Globalization;

namespace TrustMesh.Tests.Dashboard;

/// <summary>The straight line through measurements, and how sure it is.</summary>
/// <param name="Slope">For each unit of time.</param>
/// <param name="Error">Standard error of the slope; nothing is known with fewer than three measurements.</param>
/// <param name="Level">Mean of the measurements.</param>
public sealed record Trend(double Slope, double Error, double Level)
{
    /// <summary>Over so many units of time a level may rise by a tenth and still be called flat.</summary>
    public const double Span = 30, Share = 0.1;

    private double Bound => Level * Share / Span;

    public bool Grows => Slope - (2 * Error) > Bound;

    public bool IsFlat => Slope + (2 * Error) <= Bound;

    public static Trend Of(IReadOnlyList<(double At, double Value)> measured)
    {
        var (at, level) = (measured.Average(one => one.At), measured.Average(one => one.Value));
        var spread = measured.Sum(one => Math.Pow(one.At - at, 2));
        var slope = spread == 0 ? 0 : measured.Sum(one => (one.At - at) * (one.Value - level)) / spread;
        var rest = measured.Sum(one => Math.Pow(one.Value - level - (slope * (one.At - at)), 2));
        return new Trend(slope, measured.Count < 3 || spread == 0 ? double.PositiveInfinity : Math.Sqrt(rest / (measured.Count - 2) / spread), level);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(IsFlat ? "flat" : Grows ? "GROWS" : "not told")}: {Level:N1} MB, {Slope:+0.000;-0.000} ± {2 * Error:0.000} MB a minute, where {Bound:0.000} is a tenth in {Span} minutes");
}
