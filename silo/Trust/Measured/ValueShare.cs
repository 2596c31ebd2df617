namespace TrustMesh.Trust.Measured;

/// <summary>How common a measured value is.</summary>
/// <param name="Seen">Active devices that report it; null where that is not counted (see <see cref="Prevalence"/>).</param>
/// <param name="Of">Active devices of the model that measure the name at all.</param>
public readonly record struct ValueShare(int? Seen, int Of)
{
    /// <summary>With fewer there is nothing to be rare among.</summary>
    private const int Least = 4;

    /// <summary>At most one in twenty has it, or nobody else.</summary>
    public bool IsRare => Of >= Least && Seen is { } seen && seen <= Math.Max(1, Of / 20);
}
