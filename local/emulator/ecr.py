"""ECR: whether an image asset is there already, which decides if `cdk deploy` builds it.

CDK asks DescribeImages for the asset's tag. ministack answers an empty list for an unknown one, which CDK takes
for "published": the image would never be built. AWS answers ImageNotFoundException.
"""

from typing import Any

from local.emulator import internals
from local.emulator.options import Images


def install(images: Images) -> None:
    """Answer as AWS does (`build`), or as if every image had been pushed (`skip`)."""
    if images == "skip":
        return  # ministack's own answer makes CDK take every image for published
    module = "services.ecr"
    describe = internals.get(module, "_describe_images")
    find = internals.get(module, "_find_image")
    repositories = internals.get(module, "_repositories")
    error = internals.get("core.responses", "error_response_json")

    def describe_images(data: dict[str, Any]) -> internals.Response:
        repository = data.get("repositoryName", "")
        if repository in repositories:
            for image in data.get("imageIds") or []:
                if not find(repository, image):
                    named = ", ".join(f"{key}:'{value}'" for key, value in sorted(image.items()))
                    answer: internals.Response = error(
                        "ImageNotFoundException",
                        f"The image with imageId {{{named}}} does not exist within the repository with name"
                        f" '{repository}' in the registry with id '{internals.account()}'",
                        400,
                    )
                    return answer
        found: internals.Response = describe(data)
        return found

    internals.replace(module, "_describe_images", describe_images)
