namespace TrustMesh.Host.Webhooks;

/// <summary>Nobody was called.</summary>
/// <param name="why">The class of the error, as a delivery shows it.</param>
public sealed class UndialledException(string why) : IOException(why)
{
    public string Why { get; } = why;
}
