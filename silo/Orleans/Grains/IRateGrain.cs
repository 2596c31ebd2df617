namespace TrustMesh.Orleans.Grains;

/// <summary>A token bucket all silos share. Key: what is limited, a space, of whom.</summary>
public interface IRateGrain : IGrainWithStringKey
{
    /// <summary>Takes one; false if there is none. So many a second, twice as many in a burst.</summary>
    Task<bool> TryTakeAsync(int perSecond);
}
