using TrustMesh.Trust.Twins;

namespace TrustMesh.Orleans.Grains;

/// <summary>One device's twin in the cluster: the same calls as everywhere, at the one place where the device has its turn. Key: the id's text.</summary>
[Alias("trustmesh.twin"), GrainInterfaceType("trustmesh.twin")]
public interface ITwinGrain : IDeviceTwin, IGrainWithStringKey;
