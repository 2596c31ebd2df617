namespace TrustMesh.Orleans.Grains;

/// <summary>A token bucket all silos share. Key: what is limited, a space, of whom.</summary>
[Alias("trustmesh.rate"), GrainInterfaceType("trustmesh.rate")]
public interface IRateGrain : IGrainWithStringKey
{
    /// <summary>Takes one; false if there is none. There are <paramref name="most"/>, and those that were taken come back within that time.</summary>
    [Alias("take")]
    Task<bool> TryTakeAsync(int most, TimeSpan within);
}
