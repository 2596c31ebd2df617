namespace TrustMesh.Trust.Authority;

/// <summary>
/// There is no room for another device on the status list. Whom it lists stays listed, and it goes on being signed anew; who was decided about now is revoked or
/// suspended at every silo, and other devices do not hear of it.
/// </summary>
/// <param name="listed">Devices on the list.</param>
public sealed class FullStatusListException(int listed)
    : IOException($"The status list has {listed} devices and no room for another. The silos have the decision and let the device do nothing; other devices do not hear of it before the list has room, "
        + "by a device that is resumed. See CAPACITY.md.");
