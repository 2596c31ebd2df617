namespace TrustMesh.Trust.Measured;

/// <summary>How common a measured value is.</summary>
/// <param name="Seen">Active devices that report it; null where that is not counted (see <see cref="Prevalence"/>).</param>
/// <param name="Of">Active devices of the model that measure the name at all.</param>
/// <param name="Most">Active devices that report the most common value of the name.</param>
public readonly record struct ValueShare(int? Seen, int Of, int Most)
{
    /// <summary>With fewer there is nothing to be rare among.</summary>
    private const int Least = 4;

    /// <summary>At most one in twenty has it, or nobody else; and there is a value it is rare beside. A host name, or a register with a machine's id in it, is another on each device and no outlier on any.</summary>
    public bool IsRare => Of >= Least && Seen is { } seen && seen <= Math.Max(1, Of / 20) && Most >= Math.Max(2, (Of + 3) / 4);
}
