namespace TrustMesh.Contracts;

/// <summary>One site of the mesh: devices that say, or of which their join token says, that they stand there.</summary>
/// <param name="Devices">All of them, whatever their standing.</param>
/// <param name="Counts">Look to number of devices; what there is none of is left out.</param>
public sealed record SiteView(string Name, int Devices, IReadOnlyDictionary<string, int> Counts);
