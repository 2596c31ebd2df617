using System.Net;

namespace TrustMesh.Cli.Demo;

/// <summary>Where the devices of a demo live, and where they find the silo.</summary>
internal interface INetwork : IAsyncDisposable
{
    /// <summary>What the silo's device listener listens on; an address of the namespace the demo itself runs in.</summary>
    IPAddress Silo { get; }

    /// <param name="device">Number of the device, from 1.</param>
    Place PlaceOf(int device);
}
