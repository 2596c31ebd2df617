using Orleans.Runtime;
using TrustMesh.Trust.Mesh;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Orleans.Hosting;

/// <summary>Which failures of calls between silos pass by themselves.</summary>
internal static class Trouble
{
    /// <summary>Storage or another silo did not answer, or somebody was faster: to be tried again.</summary>
    public static bool IsPassing(Exception failed) => IsOfCluster(failed) || failed is IOException or StaleTwinException or StaleRecordException;

    /// <summary>The call may or may not have been carried out. A grain that could not be placed in time is told as a cancellation, by nobody who was asked.</summary>
    public static bool IsOfCluster(Exception failed) => failed is OrleansException or TimeoutException or ObjectDisposedException or OperationCanceledException;

    /// <summary>The same for whoever does not know of clusters.</summary>
    public static UnansweredException Told(Exception failed) => new($"Another silo did not answer ({failed.GetType().Name}). Try again; if it goes on, see the list of silos.", failed);
}
