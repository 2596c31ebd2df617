namespace TrustMesh.Bench;

/// <summary>Measured values in order; percentiles by nearest rank, so that each is a value that was measured.</summary>
internal sealed class Distribution(IEnumerable<double> values)
{
    private readonly double[] ordered = [.. values.Order()];

    public int Count => ordered.Length;

    public double Most => ordered[^1];

    /// <param name="percent">0 &lt; percent ≤ 100.</param>
    public double At(double percent) => ordered[Math.Max(0, (int)Math.Ceiling(percent / 100 * ordered.Length) - 1)];
}
